import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DeviceIdentity } from '../../transport/identity';
import { Listeners } from '../listeners';
import { SWEEP_EVERY_MS } from './limits';
import { NearbyTable, type NearbyChange, type NearbyDevice } from './nearby-table';
import { nearbyIdOf } from './service-records';
import type { Sighting } from './sightings';

/** The devices seen on the network now, whether they are known or not. Hints: nothing is dialled because of them. */
@Injectable()
export class NearbyDevices implements OnModuleInit, OnModuleDestroy {
  private readonly table: NearbyTable;
  private readonly listeners = new Listeners<[change: NearbyChange]>(new Logger(NearbyDevices.name));
  private sweep?: NodeJS.Timeout;

  constructor(identity: DeviceIdentity) {
    this.table = new NearbyTable(nearbyIdOf(identity.deviceId));
  }

  onModuleInit(): void {
    this.sweep = setInterval(() => this.tell(this.table.expire(performance.now())), SWEEP_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.sweep);
  }

  all(): NearbyDevice[] {
    return this.table.all();
  }

  /** @param nearbyId the first 14 characters of a device id. */
  find(nearbyId: string): NearbyDevice | undefined {
    return this.table.find(nearbyId);
  }

  /** Where a device announces itself now, `host:port`. @param deviceId the whole id. */
  seenAt(deviceId: string): readonly string[] {
    return this.find(nearbyIdOf(deviceId))?.addresses ?? [];
  }

  /** Calls `listener` when a device comes, goes, or something shown of it changes. */
  onChange(listener: (change: NearbyChange) => void): () => void {
    return this.listeners.add(listener);
  }

  /** @param via what heard it. */
  note(sighting: Sighting, via: string): void {
    this.tell(this.table.note(sighting, via, performance.now()));
  }

  private tell(changes: readonly NearbyChange[]): void {
    for (const change of changes) this.listeners.call(change);
  }
}

/** When the device was seen last. ISO 8601. */
export function lastSeenAt({ lastSeenMs }: NearbyDevice): string {
  return new Date(Date.now() - (performance.now() - lastSeenMs)).toISOString();
}
