import { provideHttpClient } from '@angular/common/http';
import { provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { ProblemError } from '../http/problem-error';
import { UploadQueue } from './upload-queue';
import { SEND_UPLOAD } from './upload-request';
import type { SendUpload, UploadOutcome } from './upload-source';

interface Sending {
  readonly name: string;
  progress(bytes: number): void;
  finish(outcome?: UploadOutcome): void;
  fail(error: unknown): void;
}

describe('UploadQueue', () => {
  let queue: UploadQueue;
  let sendings: Sending[];

  const send: SendUpload = ({ file }, progress, signal) =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('cancelled', 'AbortError')));
      sendings.push({ name: file.name, progress, finish: (outcome = 'done') => resolve(outcome), fail: reject });
    });

  const states = (): string[] => queue.uploads().map(({ state }) => state);
  const files = (...names: string[]): { file: File }[] => names.map((name) => ({ file: new File(['12345'], name) }));
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

  beforeEach(() => {
    sendings = [];
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), { provide: SEND_UPLOAD, useValue: send }],
    });
    queue = TestBed.inject(UploadQueue);
  });

  it('sends two at a time and goes on with the next', async () => {
    queue.add(files('a', 'b', 'c'));
    expect(states()).toEqual(['sending', 'sending', 'waiting']);
    sendings[0]?.finish();
    await settled();
    expect(states()).toEqual(['done', 'sending', 'sending']);
    expect(sendings.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('tells what was added from what was skipped', async () => {
    queue.add(files('a', 'b'));
    sendings[0]?.finish('skipped');
    sendings[1]?.finish();
    await settled();
    expect(states()).toEqual(['skipped', 'done']);
    expect(queue.percent()).toBe(100);
  });

  it('tells the progress of all together', () => {
    queue.add(files('a', 'b'));
    sendings[0]?.progress(5);
    expect(queue.percent()).toBe(50);
  });

  it('cancels a waiting and a running one', async () => {
    queue.add(files('a', 'b', 'c'));
    queue.cancel(3);
    queue.cancel(1);
    await settled();
    expect(states()).toEqual(['cancelled', 'sending', 'cancelled']);
    expect(sendings).toHaveLength(2);
  });

  it('keeps the sentence of a failure and can try again', async () => {
    queue.add(files('a'));
    sendings[0]?.fail(new ProblemError('insufficient-storage', 'The disk is full.'));
    await settled();
    expect(queue.failed()).toMatchObject([{ name: 'a', error: 'The disk is full.' }]);
    queue.retry(1);
    expect(states()).toEqual(['sending']);
  });

  it('starts a new list with a new batch, and keeps what failed', async () => {
    queue.add(files('a', 'b'));
    sendings[0]?.finish();
    sendings[1]?.fail(new ProblemError('internal', 'No.'));
    await settled();
    queue.add(files('c'));
    expect(queue.uploads().map(({ name }) => name)).toEqual(['b', 'c']);
  });
});
