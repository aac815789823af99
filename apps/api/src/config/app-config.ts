import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { MEBIBYTE, containsFolder, isLoopbackHost } from './rules';
import { EnvReader, type Env } from './env-reader';
import * as parse from './parsers';

/** What the node was started with. One frozen object, injected as `APP_CONFIG`. */
export interface AppConfig {
  readonly httpHost: string;
  /** 0 = any free port; the bound one is in `BoundPorts`. */
  readonly httpPort: number;
  readonly webPort: number;
  readonly peerHost: string;
  readonly peerPort: number;
  /** Absolute. */
  readonly sharedDir: string;
  /** Absolute. */
  readonly receivedDir: string;
  /** Absolute. */
  readonly dataDir: string;
  readonly deviceName: string;
  /** Bytes; 0 = no limit. */
  readonly maxFileSize: number;
  /** Lower case; `['*']` = any but the blocked ones. */
  readonly allowedExtensions: readonly string[];
  readonly blockedExtensions: readonly string[];
  readonly discovery: boolean;
  /** Address of the interface to discover on; absent = those on which the peer server listens. */
  readonly discoveryInterface?: string;
  /** Whether the user may have the own subnets searched for devices. */
  readonly scan: boolean;
  readonly peerTimeoutMs: number;
  /** What the deadlines of sessions with peers are multiplied by; 1 but in tests. */
  readonly peerTimeScale: number;
  /** Empty = loopback names with the ports really bound. */
  readonly allowedHosts: readonly string[];
  /** Empty = loopback names with the web port really bound. */
  readonly webOrigins: readonly string[];
  readonly logLevel: parse.LogLevel;
  /** Variables that are set but belong to features to come. Their values are read nowhere. */
  readonly withoutEffect: readonly string[];
}

/** Injection token of `AppConfig`. */
export const APP_CONFIG = Symbol('APP_CONFIG');

const ALLOWED_EXTENSIONS =
  'txt,pdf,png,jpg,jpeg,gif,doc,docx,xls,xlsx,ppt,pptx,zip,rar,mp3,mp4,avi,mov,mkv,py,js,html,css';
const BLOCKED_EXTENSIONS =
  'exe,scr,bat,cmd,com,ps1,vbs,vbe,jse,wsf,hta,jar,msi,msp,lnk,url,desktop,sh,app,dll,reg,cpl,pif,gadget';
/** Of features that do not exist yet: who sets one of these should know that it does nothing. */
const FOR_LATER = ['FERRY_PASSWORD', 'FERRY_LEGACY_API', 'FERRY_LEGACY_PEERS'];
const MAX_TIMEOUT_MS = 24 * 60 * 60 * 1000;

/**
 * Parses the environment, once, at boot. Blank variables count as absent.
 * @param baseDir what relative folders are relative to.
 * @throws ConfigError naming every bad variable and what was expected.
 */
export function loadConfig(env: Env, baseDir: string = process.cwd()): AppConfig {
  const reader = new EnvReader(env);
  const folder = (name: string, fallback: string) => resolve(baseDir, reader.read(name, parse.text, fallback));
  const config: AppConfig = {
    httpHost: reader.read('FERRY_HTTP_HOST', parse.host, '127.0.0.1'),
    httpPort: reader.read('FERRY_HTTP_PORT', parse.port, 5000),
    webPort: reader.read('FERRY_WEB_PORT', parse.port, 3000),
    peerHost: reader.read('FERRY_PEER_HOST', parse.host, '0.0.0.0'),
    peerPort: reader.read('FERRY_PEER_PORT', parse.port, 8000),
    sharedDir: folder('FERRY_SHARED_DIR', 'shared_files'),
    receivedDir: folder('FERRY_RECEIVED_DIR', 'received_files'),
    dataDir: folder('FERRY_DATA_DIR', '.ferry'),
    deviceName: reader.read('FERRY_DEVICE_NAME', parse.deviceName, hostname().slice(0, 64)),
    maxFileSize: reader.read('FERRY_MAX_FILE_SIZE', parse.bytes, 100 * MEBIBYTE),
    allowedExtensions: reader.read(
      'FERRY_ALLOWED_EXTENSIONS',
      parse.extensionsOrAny,
      parse.extensions(ALLOWED_EXTENSIONS),
    ),
    blockedExtensions: reader.read('FERRY_BLOCKED_EXTENSIONS', parse.extensions, parse.extensions(BLOCKED_EXTENSIONS)),
    discovery: reader.read('FERRY_DISCOVERY', parse.onOff, true),
    discoveryInterface: reader.read<string | undefined>('FERRY_DISCOVERY_INTERFACE', parse.ipAddress, undefined),
    scan: reader.read('FERRY_SCAN', parse.onOff, false),
    peerTimeoutMs: reader.read('FERRY_PEER_TIMEOUT_MS', parse.integer(1000, MAX_TIMEOUT_MS, ' milliseconds'), 300_000),
    peerTimeScale: reader.read('FERRY_PEER_TIME_SCALE', parse.decimal(0.01, 1), 1),
    allowedHosts: reader.read('FERRY_ALLOWED_HOSTS', parse.hostList, []),
    webOrigins: reader.read('FERRY_WEB_ORIGINS', parse.originList, []),
    logLevel: reader.read('FERRY_LOG_LEVEL', parse.logLevel, 'info'),
    withoutEffect: FOR_LATER.filter((name) => reader.isSet(name)),
  };
  refuseOpenBind(config, reader);
  refuseNestedFolders(config, reader);
  reader.finish();
  return Object.freeze(config);
}

/** Without a login, whoever reaches the port owns the node. */
function refuseOpenBind({ httpHost }: AppConfig, reader: EnvReader): void {
  if (isLoopbackHost(httpHost)) return;
  reader.refuse(
    'FERRY_HTTP_HOST',
    `${httpHost} would let anybody on the network use this node, and there is no login yet; use 127.0.0.1, ::1 or localhost`,
  );
}

/** A share that holds the data folder would publish the device's key; nested shares would publish received files. */
function refuseNestedFolders(config: AppConfig, reader: EnvReader): void {
  const shares = [
    ['FERRY_SHARED_DIR', config.sharedDir],
    ['FERRY_RECEIVED_DIR', config.receivedDir],
  ] as const;
  const folders = [...shares, ['FERRY_DATA_DIR', config.dataDir] as const];
  for (const [outerName, outer] of shares) {
    for (const [innerName, inner] of folders) {
      if (innerName === outerName || !containsFolder(outer, inner)) continue;
      reader.refuse(innerName, `must not be ${outerName} or lie inside it (${inner})`);
    }
  }
}
