import { HttpClient } from '@angular/common/http';
import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import type { Settings, UpdateSettingsRequest } from '@ferry/protocol';
import { firstValueFrom } from 'rxjs';
import { apiUrl } from '../http/api-url';
import { sentenceOf } from '../http/sentence-of';
import { EventStream } from '../live/event-stream';
import { StatusStore } from '../status/status-store';

/** What can be changed while the node runs, as it is now, whoever changed it. Provided by the page that shows it. */
@Injectable()
export class SettingsStore {
  private readonly http = inject(HttpClient);
  private readonly status = inject(StatusStore);
  private readonly value = signal<Settings | null>(null);
  private readonly failure = signal<string | null>(null);

  readonly settings = this.value.asReadonly();
  readonly error = this.failure.asReadonly();

  constructor() {
    const stream = inject(EventStream);
    const stops = [
      stream.on('settings.changed', (settings) => this.value.set(settings)),
      stream.on('resync', () => void this.load()),
    ];
    inject(DestroyRef).onDestroy(() => stops.forEach((stop) => stop()));
  }

  async load(): Promise<void> {
    try {
      this.value.set(await firstValueFrom(this.http.get<Settings>(apiUrl('settings'))));
      this.failure.set(null);
    } catch (error) {
      this.failure.set(sentenceOf(error));
    }
  }

  /** @throws ProblemError; nothing has changed then. */
  async change(request: UpdateSettingsRequest): Promise<void> {
    this.value.set(await firstValueFrom(this.http.patch<Settings>(apiUrl('settings'), request)));
    void this.status.load(); // it shows limits and folders too
  }
}
