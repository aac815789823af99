import { Readable } from 'node:stream';
import type { Request } from 'express';
import type { UploadTarget } from '@ferry/file-store';
import type { ConflictRule } from '@ferry/protocol';
import { readConflictRule } from '../http/conflict-rule';
import { ProblemError } from '../http/problem-error';
import { UploadDigest } from './upload-digest';

interface FieldCut {
  readonly nameTruncated: boolean;
  readonly valueTruncated: boolean;
}

/** The events of multer's parser that are used here. */
export interface FormParser extends NodeJS.WritableStream {
  on(event: 'field', listener: (name: string | undefined, value: string, cut: FieldCut) => void): this;
  on(event: 'file', listener: (name: string | undefined, file: Readable, info: { filename?: string }) => void): this;
  on(event: 'error', listener: (error: Error) => void): this;
  on(event: 'close' | 'filesLimit' | 'fieldsLimit' | 'partsLimit', listener: () => void): this;
}

/**
 * One upload form on its way in. A file counts only when the whole form has arrived and is right, so the end of its bytes is
 * held back until then: whatever comes after the file can still call it off before it is published.
 */
export class UploadForm {
  /** The text field `path`, which may come before or after the file. */
  private path?: string;
  /** The text field `onConflict`, likewise. */
  private onConflict?: ConflictRule;
  private readonly digest: UploadDigest | undefined;
  private readonly abort = new AbortController();
  /** Rejects, with the reason, once the upload is called off. */
  readonly refusal: Promise<never>;
  private readonly arrived: Promise<void>;
  private arrive: () => void = () => undefined;

  /** @throws ProblemError validation for headers that cannot be read. */
  constructor(private readonly request: Request) {
    this.digest = UploadDigest.of(request);
    this.refusal = new Promise((_resolve, reject) => {
      this.signal.addEventListener('abort', () => reject(this.signal.reason));
    });
    const complete = new Promise<void>((resolve) => (this.arrive = resolve));
    this.arrived = Promise.race([complete, this.refusal]);
    this.arrived.catch(() => undefined); // a form without a file has nobody waiting
    request.once('close', () => {
      if (!request.complete) this.fail(new DOMException('The client went away', 'AbortError'));
    });
  }

  /** Aborts when the form turned out bad or the client went away. */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  /** Hands the request to the parser and follows it until the form is complete. */
  follow(parser: FormParser): void {
    if (this.digest) this.request.on('data', (bytes: Uint8Array) => this.digest?.addBody(bytes));
    this.request.pipe(parser);
    parser.on('file', (name, _file, { filename }) => {
      if (!filename) this.fail(name === 'file' ? namelessFile() : unknownField(name));
    });
    parser.on('field', (name, value, cut) => this.takeField(name, value, cut));
    for (const limit of ['filesLimit', 'fieldsLimit', 'partsLimit'] as const) {
      parser.on(limit, () => this.fail(tooManyParts()));
    }
    parser.on('error', (error) => this.fail(error));
    parser.on('close', () => this.arrive());
  }

  /** What the file is to be called. The fields may still come while the bytes are read. @param defaultRule without `onConflict`. */
  target(name: string, defaultRule: ConflictRule): UploadTarget {
    const path = () => this.path;
    const onConflict = () => this.onConflict ?? defaultRule;
    const bodyBytes = Number(this.request.headers['content-length'] ?? 0); // somewhat more than the file
    return {
      name,
      maxBytes: bodyBytes,
      get path() {
        return path();
      },
      get onConflict() {
        return onConflict();
      },
    };
  }

  /** The bytes of the file; ends only once the form is complete, and fails when the form does. */
  hold(file: Readable): Readable {
    const held = Readable.from(this.held(file), { objectMode: false });
    return held.on('error', () => undefined); // whoever reads it is told as well; unread, it must not end the process
  }

  /** Leaves `file` open when stopped early: the parser waits for its end. */
  private async *held(file: Readable): AsyncGenerator<Uint8Array> {
    // Not yield*: that would hand on the reader's error as well, which destroys the file.
    for await (const part of file.iterator({ destroyOnReturn: false })) {
      this.digest?.addFile(part as Uint8Array);
      yield part as Uint8Array;
    }
    await this.arrived;
    this.digest?.assertRight();
  }

  /** Calls the upload off; the first reason counts. */
  fail(error: unknown): void {
    this.abort.abort(error);
  }

  private takeField(name = '', value: string, { nameTruncated, valueTruncated }: FieldCut): void {
    if (valueTruncated) this.fail(ProblemError.ofField(name, 'too-long', 'The field is too long.'));
    else if (name === 'path' && !nameTruncated && this.path === undefined) this.path = value;
    else if (name === 'onConflict' && !nameTruncated && this.onConflict === undefined) this.takeRule(value);
    else this.fail(name === 'file' ? namelessFile() : unknownField(name));
  }

  private takeRule(word: string): void {
    try {
      this.onConflict = readConflictRule(word);
    } catch (error) {
      this.fail(error);
    }
  }
}

/** A part without a file name is a text field, or a file that nobody can call anything. */
function namelessFile(): ProblemError {
  return ProblemError.ofField(
    'file',
    'file-name-missing',
    'The file has no name: send the field file with a filename.',
  );
}

function unknownField(name = ''): ProblemError {
  return ProblemError.ofField(name, 'unknown-field', 'Besides file there are only the fields path and onConflict.');
}

export function tooManyParts(): ProblemError {
  return ProblemError.ofField('file', 'one-file', 'Send one file a request, in the field file.');
}
