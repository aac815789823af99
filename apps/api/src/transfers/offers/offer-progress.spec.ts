import { OfferProgress } from './offer-progress';

describe('the progress of an accepted offer', () => {
  let progress: OfferProgress;

  beforeEach(() => {
    progress = new OfferProgress(100);
  });

  it('adds up files, each with the most that was told of it', () => {
    expect(progress.tell('a', 10)).toBe(true);
    expect(progress.tell('b', 20)).toBe(true);
    expect(progress.tell('a', 5)).toBe(false);
    expect(progress.tell('a', 15)).toBe(true);
    expect(progress.doneBytes).toBe(35);
  });

  it('believes whoever told more', () => {
    progress.tell('a', 30);
    expect(progress.report(20, 100)).toBe(false);
    expect(progress.doneBytes).toBe(30);
    expect(progress.report(60, 100)).toBe(true);
    expect(progress.tell('b', 10)).toBe(false);
    expect(progress.doneBytes).toBe(60);
  });

  it('never shows more than was accepted', () => {
    progress.tell('a', 80);
    expect(progress.report(0, 50)).toBe(true);
    expect([progress.doneBytes, progress.acceptedBytes]).toEqual([50, 50]);
    progress.report(0, 1_000);
    expect(progress.acceptedBytes).toBe(100);
  });
});
