import { TransferMeter } from './transfer-meter';

describe('TransferMeter', () => {
  it('counts bytes as done on arrival and as verified once written', () => {
    const meter = new TransferMeter(100, 0, 0);
    meter.received(50);
    expect([meter.doneBytes, meter.verifiedBytes]).toEqual([150, 100]);
    meter.verified(50);
    expect([meter.doneBytes, meter.verifiedBytes]).toEqual([150, 150]);
  });

  it('takes dropped bytes back from done, not from received', () => {
    const meter = new TransferMeter(0, 0, 0);
    meter.received(10);
    meter.dropped(10);
    expect([meter.doneBytes, meter.receivedBytes]).toEqual([0, 10]);
  });

  it('counts found bytes as verified and not as received', () => {
    const meter = new TransferMeter(0, 0, 0);
    meter.found(7);
    meter.found(-2);
    expect([meter.verifiedBytes, meter.doneBytes, meter.receivedBytes]).toEqual([5, 5, 0]);
  });

  it('counts reused bytes as verified and not as received', () => {
    const meter = new TransferMeter(0, 0, 0);
    meter.reused(7);
    expect([meter.reusedBytes, meter.verifiedBytes, meter.doneBytes, meter.receivedBytes]).toEqual([7, 7, 7, 0]);
  });

  it('knows no speed and no end before the first second', () => {
    const meter = new TransferMeter(0, 0, 0);
    meter.received(1000);
    expect(meter.sample(999)).toBe(false);
    expect([meter.bytesPerSecond, meter.etaSeconds(2000)]).toEqual([0, undefined]);
  });

  it('averages speed over samples and rounds the end up', () => {
    const meter = new TransferMeter(0, 0, 0);
    meter.received(1000);
    expect(meter.sample(1000)).toBe(true);
    expect([meter.bytesPerSecond, meter.etaSeconds(2500)]).toEqual([1000, 2]);
    meter.sample(2000);
    expect(meter.bytesPerSecond).toBeLessThan(1000);
    expect(meter.bytesPerSecond).toBeGreaterThan(500);
  });
});
