import { FileStore } from '@ferry/file-store';
import type { FileEntry } from '@ferry/protocol';
import { Body, Controller, Param, Patch } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../http/api-problems';
import { ProblemError } from '../http/problem-error';
import { PeersService } from '../peers/peers.service';
import { FileEntryDto, UpdateFileDto } from './files.dto';

/** What the user changes of an entry: its name, and who may see it. */
@ApiTags('files')
@Controller('files')
export class FileChangesController {
  constructor(
    private readonly store: FileStore,
    private readonly peers: PeersService,
  ) {}

  /** Nothing is changed unless all of the request is right; the name first, as only that can fail then. */
  @Patch(':id')
  @ApiOperation({
    summary: 'Renames a file or folder, or sets who may see it: every paired peer, chosen ones, or nobody',
  })
  @ApiOkResponse({ type: FileEntryDto })
  @ApiProblems(
    'validation',
    'malformed-body',
    'unsafe-path',
    'file-not-found',
    'name-conflict',
    'folder-unusable',
    'extension-not-allowed',
    'unsupported-media-type',
  )
  async update(@Param('id') id: string, @Body() { name, visibility, visibleTo }: UpdateFileDto): Promise<FileEntry> {
    if (name === undefined && visibility === undefined && visibleTo === undefined)
      throw new ProblemError('validation', 'The request changes nothing: send name or visibility.', [
        { pointer: '', code: 'nothing-to-change', detail: 'Send name or visibility.' },
      ]);
    this.assertVisible({ visibility, visibleTo });
    const entry = name === undefined ? this.store.entries.get(id) : await this.store.rename(id, name);
    return visibility === undefined ? entry : this.store.entries.setVisibility(id, visibility, visibleTo);
  }

  private assertVisible({ visibility, visibleTo }: UpdateFileDto): void {
    if (visibility !== 'chosen' && visibleTo)
      throw ProblemError.ofField(
        'visibleTo',
        'only-with-chosen',
        `visibleTo goes with chosen, not with ${visibility ?? 'nothing'}.`,
      );
    if (visibility === 'chosen' && !visibleTo)
      throw ProblemError.ofField('visibleTo', 'required', 'visibleTo must list the peers that may see the file.');
    const errors = (visibleTo ?? []).flatMap((peerId, at) =>
      this.peers.isPaired(peerId)
        ? []
        : [{ pointer: `/visibleTo/${at}`, code: 'not-paired', detail: `${peerId} is not a paired peer.` }],
    );
    const [first] = errors;
    if (first) throw new ProblemError('validation', first.detail, errors);
  }
}
