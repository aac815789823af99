import { resolve } from 'node:path';
import { Database } from '@ferry/file-store';
import type { Settings, UpdateSettingsRequest } from '@ferry/protocol';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { validateSync } from 'class-validator';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { normaliseExtension } from '../config/parsers';
import { EventsService } from '../events/events.service';
import { SettingsTable, type StoredSettings } from './settings-table';
import { UpdateSettingsDto } from './settings.dto';

const DEFAULT_TRASH_RETENTION_DAYS = 30;

/** `request`: the fields that were named; a setting can be named again without another value. */
type Applier = (next: Settings, before: Settings, request: UpdateSettingsRequest) => Promise<void>;
type Listener = (now: Settings, before: Settings) => void;

/** What the user can change while the node runs: stored values win over those of the environment. */
@Injectable()
export class SettingsService {
  private readonly logger = new Logger(SettingsService.name);
  private readonly table: SettingsTable;
  private readonly defaults: Settings;
  private readonly appliers = new Set<Applier>();
  private readonly listeners = new Set<Listener>();
  private stored: StoredSettings;
  private settings: Settings;
  private updates: Promise<unknown> = Promise.resolve();

  constructor(
    database: Database,
    @Inject(APP_CONFIG) config: AppConfig,
    private readonly events: EventsService,
  ) {
    this.table = new SettingsTable(database);
    this.defaults = defaultsOf(config);
    this.stored = this.readStored();
    this.settings = Object.freeze({ ...this.defaults, ...this.stored });
  }

  /** A frozen snapshot. */
  current(): Settings {
    return this.settings;
  }

  /** Whether the user has set this field himself. */
  isStored(field: keyof Settings): boolean {
    return this.stored[field] !== undefined;
  }

  /** Calls `listener` after each stored change; it must not throw. @returns the function that ends the subscription. */
  onChange(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Has `apply` carry out what can be refused, before a change is stored: when it throws, nothing changes. */
  applyBy(apply: Applier): () => void {
    this.appliers.add(apply);
    return () => this.appliers.delete(apply);
  }

  /**
   * Changes what the request names; `null` goes back to the environment's value. One after the other.
   * @param request checked by `UpdateSettingsDto`.
   * @throws what an applier refuses with.
   */
  update(request: UpdateSettingsRequest): Promise<Settings> {
    const update = this.updates.then(() => this.carryOut(request));
    this.updates = update.catch(() => undefined); // its caller hears of the failure
    return update;
  }

  private async carryOut(request: UpdateSettingsRequest): Promise<Settings> {
    const named = given(normalise(request));
    const stored = withoutNulls({ ...this.stored, ...named });
    const [before, next] = [this.settings, Object.freeze({ ...this.defaults, ...stored })];
    for (const apply of this.appliers) await apply(next, before, named);
    this.table.write(stored);
    this.stored = stored;
    this.settings = next;
    if (JSON.stringify(next) === JSON.stringify(before)) return next;
    for (const listener of this.listeners) listener(next, before);
    this.events.publish('settings.changed', next);
    return next;
  }

  /** A stored value that this version would refuse counts as not set, and stays stored until the next change. */
  private readStored(): StoredSettings {
    const found = Object.assign(new UpdateSettingsDto(), this.table.read());
    const errors = validateSync(found, { whitelist: true });
    for (const { property } of errors) {
      this.logger.warn(`The stored setting ${property} is not valid; the value of the environment is used`);
      Reflect.deleteProperty(found, property);
    }
    return withoutNulls(found);
  }
}

function defaultsOf(config: AppConfig): Settings {
  const { maxFileSize, allowedExtensions, blockedExtensions, sharedDir, receivedDir } = config;
  return {
    ...{ maxFileSize, allowedExtensions, blockedExtensions, sharedDir, receivedDir },
    trashRetentionDays: DEFAULT_TRASH_RETENTION_DAYS,
    onConflict: 'keep-both',
  };
}

function normalise(request: UpdateSettingsRequest): UpdateSettingsRequest {
  const { allowedExtensions, blockedExtensions, sharedDir, receivedDir } = request;
  return {
    ...request,
    ...(allowedExtensions && { allowedExtensions: normaliseAll(allowedExtensions) }),
    ...(blockedExtensions && { blockedExtensions: normaliseAll(blockedExtensions) }),
    ...(sharedDir && { sharedDir: resolve(sharedDir) }),
    ...(receivedDir && { receivedDir: resolve(receivedDir) }),
  };
}

function normaliseAll(extensions: readonly string[]): string[] {
  return [...new Set(extensions.map((item) => normaliseExtension(item) ?? item))]; // `*` stays
}

/** A validated body has all fields; those that were not sent are undefined. */
function given(request: UpdateSettingsRequest): UpdateSettingsRequest {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
}

function withoutNulls(values: UpdateSettingsRequest): StoredSettings {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));
}
