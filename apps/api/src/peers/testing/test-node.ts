import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Abstract } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { loadConfig } from '../../config/app-config';
import { BoundPorts } from '../../config/bound-ports';
import { ConfigModule } from '../../config/config.module';
import { DatabaseModule } from '../../database/database.module';
import { EventsModule } from '../../events/events.module';
import { EventsService } from '../../events/events.service';
import { FileChangesModule } from '../../files/file-changes.module';
import { FilesModule } from '../../files/files.module';
import { HealthModule } from '../../health/health.module';
import { configureApp } from '../../http/configure-app';
import { DEFAULT_OFFERS_OPTIONS, OFFERS_OPTIONS, type OffersOptions } from '../../transfers/offers/offers-options';
import { TransferQueue } from '../../transfers/transfer-queue';
import { TransfersModule } from '../../transfers/transfers.module';
import { DeviceIdentity } from '../../transport/identity';
import { PeerTransport } from '../../transport/peer-transport';
import { TrashModule } from '../../trash/trash.module';
import { TransportModule } from '../../transport/transport.module';
import { NearbyDevices } from '../discovery/nearby-devices';
import { DEFAULT_PEERS_OPTIONS, PEERS_OPTIONS, type PeersOptions } from '../peers-options';
import { PeersModule } from '../peers.module';
import { PeersService } from '../peers.service';

export interface TestNodeOptions {
  readonly name: string;
  /** Of an earlier node, to start it again. */
  readonly folder?: string;
  readonly peerPort?: number;
  readonly peersOptions?: Partial<PeersOptions>;
  readonly offersOptions?: Partial<OffersOptions>;
  /** Further configuration. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  /** The JSON body; its shape is what the test is about. */
  readonly body: Record<string, unknown>;
}

/** A whole node on loopback with real sockets, disk and database. */
export class TestNode {
  readonly id: string;
  readonly peerPort: number;
  readonly peers: PeersService;
  readonly events: EventsService;
  readonly transport: PeerTransport;
  /** What discovery would fill; it is off here. */
  readonly nearby: NearbyDevices;
  private isStopped = false;

  private constructor(
    private readonly app: NestExpressApplication,
    readonly folder: string,
  ) {
    this.id = app.get(DeviceIdentity).deviceId;
    this.transport = app.get(PeerTransport);
    this.peerPort = this.transport.port;
    this.peers = app.get(PeersService);
    this.events = app.get(EventsService);
    this.nearby = app.get(NearbyDevices);
  }

  static async start({
    name,
    folder,
    peerPort = 0,
    peersOptions,
    offersOptions,
    env,
  }: TestNodeOptions): Promise<TestNode> {
    const base = folder ?? mkdtempSync(join(tmpdir(), 'ferry-node-'));
    const config = loadConfig(
      {
        FERRY_DEVICE_NAME: name,
        FERRY_PEER_HOST: '127.0.0.1',
        FERRY_PEER_PORT: String(peerPort),
        FERRY_HTTP_PORT: '0',
        FERRY_LOG_LEVEL: 'silent',
        FERRY_DISCOVERY: 'off',
        ...env,
      },
      base,
    );
    const module = await Test.createTestingModule({
      imports: [
        ConfigModule.forRoot(config),
        DatabaseModule,
        EventsModule,
        HealthModule,
        TransportModule,
        FilesModule,
        TrashModule,
        PeersModule,
        FileChangesModule,
        TransfersModule,
      ],
    })
      .overrideProvider(PEERS_OPTIONS)
      .useValue({ ...DEFAULT_PEERS_OPTIONS, ...peersOptions })
      .overrideProvider(OFFERS_OPTIONS)
      .useValue({ ...DEFAULT_OFFERS_OPTIONS, ...offersOptions })
      .compile();
    const app = module.createNestApplication<NestExpressApplication>({
      bodyParser: false,
      forceCloseConnections: true,
      logger: false,
    });
    configureApp(app);
    app.connectMicroservice({ strategy: app.get(PeerTransport) });
    await app.init();
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    app.get(BoundPorts).set({ http: (app.getHttpServer().address() as AddressInfo).port });
    app.get(TransferQueue).open();
    return new TestNode(app, base);
  }

  get peerAddress(): string {
    return `127.0.0.1:${this.peerPort}`;
  }

  /** A part of the node. */
  provider<T>(type: Abstract<T>): T {
    return this.app.get(type);
  }

  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(this.urlOf(path), {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    return { status: response.status, body: text ? (JSON.parse(text) as Record<string, unknown>) : {} };
  }

  /** Adds a file to the share. */
  async upload(name: string, content: string): Promise<void> {
    const form = new FormData();
    form.set('file', new Blob([content]), name);
    const { status } = await fetch(this.urlOf('/files'), { method: 'POST', body: form });
    if (status !== 201) throw new Error(`The upload answered ${status}`);
  }

  /** Resolves as soon as `condition` holds; it is looked at after each event of the node. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      let unsubscribe: (() => void) | undefined;
      const check = (): void => {
        if (!condition()) return;
        unsubscribe?.();
        resolve();
      };
      unsubscribe = this.events.onPublished(check);
      check();
    });
  }

  /** What was published, in order: `[type, data]`. */
  published(): [string, unknown][] {
    const { newest } = this.events;
    return Array.from({ length: newest }, (_, index) => this.events.at(index + 1)).flatMap((event) =>
      event ? [[event.type, (JSON.parse(event.data) as { data: unknown }).data] as [string, unknown]] : [],
    );
  }

  /** Ends the node; its folder stays for a start later. */
  async stop(): Promise<void> {
    if (this.isStopped) return;
    this.isStopped = true;
    await this.app.close();
  }

  /** Ends the node and leaves nothing. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private urlOf(path: string): string {
    return `http://127.0.0.1:${this.app.get(BoundPorts).current.http}/api/v1${path}`;
  }
}
