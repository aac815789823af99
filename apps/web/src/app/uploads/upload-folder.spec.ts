import { UploadFolder } from './upload-folder';

describe('UploadFolder', () => {
  const file = new File(['x'], 'a.txt');

  it('puts files, and the paths of a folder, below the folder that is shown', () => {
    const folder = new UploadFolder();
    folder.path.set('holiday/2026');
    expect(folder.place([{ file }, { file, path: 'beach/a.txt' }]).map(({ path }) => path)).toEqual([
      'holiday/2026/a.txt',
      'holiday/2026/beach/a.txt',
    ]);
  });

  it('leaves everything as it is at the top', () => {
    expect(new UploadFolder().place([{ file }])).toEqual([{ file }]);
  });
});
