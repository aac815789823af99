import { FileStore } from '@ferry/file-store';
import type { FileEntry } from '@ferry/protocol';
import { Body, Controller, Param, Patch } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { FileEntryDto, UpdateFileDto } from '../../files/files.dto';
import { ApiProblems } from '../../http/api-problems';
import { ProblemError } from '../../http/problem-error';
import { PeersService } from '../../peers/peers.service';

/** Who may see each file. */
@ApiTags('files')
@Controller('files')
export class VisibilityController {
  constructor(
    private readonly store: FileStore,
    private readonly peers: PeersService,
  ) {}

  @Patch(':id')
  @ApiOperation({ summary: 'Sets who may see the file: every paired peer, chosen ones, or nobody' })
  @ApiOkResponse({ type: FileEntryDto })
  @ApiProblems('validation', 'malformed-body', 'file-not-found', 'unsupported-media-type')
  update(@Param('id') id: string, @Body() { visibility, visibleTo }: UpdateFileDto): FileEntry {
    if (visibility !== 'chosen' && visibleTo)
      throw ProblemError.ofField(
        'visibleTo',
        'only-with-chosen',
        `visibleTo goes with chosen, not with ${visibility}.`,
      );
    if (visibility === 'chosen' && !visibleTo)
      throw ProblemError.ofField('visibleTo', 'required', 'visibleTo must list the peers that may see the file.');
    this.assertPaired(visibleTo ?? []);
    return this.store.entries.setVisibility(id, visibility, visibleTo);
  }

  private assertPaired(peerIds: readonly string[]): void {
    const errors = peerIds.flatMap((peerId, at) =>
      this.peers.isPaired(peerId)
        ? []
        : [{ pointer: `/visibleTo/${at}`, code: 'not-paired', detail: `${peerId} is not a paired peer.` }],
    );
    const [first] = errors;
    if (first) throw new ProblemError('validation', first.detail, errors);
  }
}
