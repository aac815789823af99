import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import multer, { MulterError, type Options, type StorageEngine } from 'multer';
import { FileStore } from '@ferry/file-store';
import type { ConflictRule, FileEntry } from '@ferry/protocol';
import { kebabCase } from '../http/kebab-case';
import { ProblemError } from '../http/problem-error';
import { SettingsService } from '../settings/settings.service';
import { tooManyParts, UploadForm, type FormParser } from './upload-form';

const FORM_LIMITS = { files: 1, fields: 2, parts: 4, fieldSize: 16 * 1024, headerPairs: 50 };
/** What a form may have besides the bytes of its file: its fields, and the headers of its parts. */
const MAX_FORM_OVERHEAD_BYTES = 64 * 1024;

/** Missing in the types of multer 2.2. */
interface FormOptions extends Options {
  readonly streamHandler: (request: Request, parser: FormParser) => void;
}

/** `isSkipped`: the name was taken and the rule `skip`, so that nothing was changed; the entry is the one that was there. */
export interface ReceivedUpload {
  readonly entry: FileEntry;
  readonly isSkipped: boolean;
}

/** Takes one file out of a multipart form and into the share, without holding it in memory. */
@Injectable()
export class UploadReceiver {
  constructor(
    private readonly store: FileStore,
    private readonly settings: SettingsService,
  ) {}

  /**
   * Resolves when the file is published. Rejects as soon as the upload is known to be refused, even while its bytes are
   * still arriving; nothing is left behind then.
   * @throws ProblemError for a bad form; FileStoreError for a file that is not accepted.
   */
  async receive(request: Request, response: Response): Promise<ReceivedUpload> {
    this.refuseByLength(request);
    const form = new UploadForm(request);
    const storage = new ShareStorage(this.store, form, this.settings.current().onConflict);
    try {
      await Promise.race([parse(request, response, form, storage), form.refusal]);
    } catch (error) {
      await storage.settled();
      throw asProblem(form.signal.aborted ? form.signal.reason : error);
    }
    const received = await storage.settled();
    if (form.signal.aborted) throw asProblem(form.signal.reason);
    if (received) return received;
    throw ProblemError.ofField('file', 'required', 'The form has no file in the field file.');
  }

  /** Before anything is read. */
  private refuseByLength({ headers }: Request): void {
    const { maxFileSize } = this.settings.current();
    if (maxFileSize === 0 || Number(headers['content-length'] ?? 0) <= maxFileSize + MAX_FORM_OVERHEAD_BYTES) return;
    throw new ProblemError('file-too-large', `The file is larger than ${maxFileSize} bytes.`);
  }
}

/** Where multer puts the file: into the share, as it comes. */
class ShareStorage implements StorageEngine {
  private published?: Promise<ReceivedUpload>;

  constructor(
    private readonly store: FileStore,
    private readonly form: UploadForm,
    private readonly defaultRule: ConflictRule,
  ) {}

  /** The file, once nothing of the upload is under way; undefined when it failed or there was none. */
  async settled(): Promise<ReceivedUpload | undefined> {
    return this.published?.catch(() => undefined);
  }

  _handleFile(...[, file, done]: Parameters<StorageEngine['_handleFile']>): void {
    const { form, store } = this;
    const target = form.target(file.originalname, this.defaultRule);
    this.published = store
      .addUpload(form.hold(file.stream), target, form.signal)
      .then((added) =>
        'skipped' in added ? { entry: added.skipped, isSkipped: true } : { entry: added, isSkipped: false },
      );
    this.published.then(
      ({ entry: { size } }) => done(undefined, { size }),
      (error: unknown) => {
        form.fail(error);
        done(error);
      },
    );
  }

  /** A file is published only after the whole form was right, so there is nothing to take back. */
  _removeFile(...[, , done]: Parameters<StorageEngine['_removeFile']>): void {
    done(null);
  }
}

function parse(request: Request, response: Response, form: UploadForm, storage: StorageEngine): Promise<void> {
  const options: FormOptions = {
    storage,
    limits: FORM_LIMITS,
    preservePath: true, // the name policy is to see what was sent, not what is left of it
    defParamCharset: 'utf8',
    fileFilter: (_request, { fieldname }, accept) => {
      if (fieldname === 'file') return accept(null, true);
      form.fail(tooManyParts());
      accept(tooManyParts());
    },
    streamHandler: (_request, parser) => {
      form.follow(parser);
    },
  };
  return new Promise((resolve, reject) => {
    multer(options).any()(request, response, (error?: unknown) => (error ? reject(error) : resolve()));
  });
}

/** The parser and multer speak in plain errors; those of other layers pass through. */
function asProblem(error: unknown): unknown {
  if (error instanceof MulterError) {
    if (error.code === 'LIMIT_FILE_COUNT' || error.code === 'LIMIT_PART_COUNT') return tooManyParts();
    return ProblemError.ofField(error.field ?? '', kebabCase(error.code), `${error.message}.`);
  }
  if (!(error instanceof Error) || error.constructor !== Error) return error;
  return new ProblemError('malformed-body', `The form cannot be read: ${error.message}.`, undefined, { cause: error });
}
