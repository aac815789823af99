import type { ServerResponse } from 'node:http';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { VERSION } from '../config/version';
import { EventStream } from './event-stream';
import { EventsService } from './events.service';

const HEARTBEAT_MS = 15_000;

/** The open connections of `/events`: feeds them, keeps them alive, and ends them at shutdown. */
@Injectable()
export class EventStreams implements OnModuleInit, OnModuleDestroy {
  private readonly open = new Map<ServerResponse, EventStream>();
  private heartbeat?: NodeJS.Timeout;
  private stopListening?: () => void;

  constructor(private readonly events: EventsService) {}

  onModuleInit(): void {
    this.stopListening = this.events.onPublished(() => {
      for (const stream of this.open.values()) stream.pump();
    });
    this.heartbeat = setInterval(() => {
      for (const stream of this.open.values()) stream.heartbeat();
    }, HEARTBEAT_MS).unref();
  }

  /** Without this an open stream would hold up the closing of the HTTP server. */
  onModuleDestroy(): void {
    this.stopListening?.();
    clearInterval(this.heartbeat);
    for (const response of this.open.keys()) response.end();
    this.open.clear();
  }

  /** Answers with a stream that lasts until the reader goes away. */
  connect(response: ServerResponse, lastEventId: string | undefined): void {
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    });
    response.on('close', () => this.open.delete(response));
    const stream = new EventStream(this.events, response, { version: VERSION, lastEventId });
    this.open.set(response, stream);
  }
}
