import type { Page, Peer, PeerPermissions, PeerTestResult, RemoteEntry } from '@ferry/protocol';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../http/api-problems';
import { ProblemError } from '../http/problem-error';
import { ConnectionTest } from './connection-test/connection-test';
import {
  AddPeerDto,
  ListPeersDto,
  ListRemoteFilesDto,
  PeerDto,
  PeerPageDto,
  PeerTestResultDto,
  RemoteEntryPageDto,
  UpdatePeerDto,
} from './peers.dto';
import { PeersService } from './peers.service';
import { RemoteFilesService } from './remote-files.service';

@ApiTags('peers')
@Controller('peers')
export class PeersController {
  constructor(
    private readonly peers: PeersService,
    private readonly connectionTest: ConnectionTest,
    private readonly remoteFiles: RemoteFilesService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Known devices by name' })
  @ApiOkResponse({ type: PeerPageDto })
  @ApiProblems('validation', 'bad-cursor')
  list(@Query() query: ListPeersDto): Page<Peer> {
    return this.peers.list(query);
  }

  @Post()
  @ApiOperation({ summary: 'Add the device that listens at an address; it stays pending until it is paired' })
  @ApiCreatedResponse({ type: PeerDto })
  @ApiProblems(
    'validation',
    'malformed-body',
    'pairing-self',
    'peer-untrusted',
    'peer-unreachable',
    'peer-refused',
    'peer-version',
  )
  add(@Body() { address }: AddPeerDto): Promise<Peer> {
    return this.peers.add(address);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One device' })
  @ApiOkResponse({ type: PeerDto })
  @ApiProblems('peer-not-found')
  get(@Param('id') id: string): Peer {
    return this.peers.get(id);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Give the device a name of your own, and say what it may do here' })
  @ApiOkResponse({ type: PeerDto })
  @ApiProblems('validation', 'malformed-body', 'peer-not-found')
  update(@Param('id') id: string, @Body() { name, permissions = {} }: UpdatePeerDto): Peer {
    // A stranger that asks to pair can be blocked, though it is no peer yet.
    const isPaired = permissions.blocked ? this.peers.isPaired(id) : this.peers.get(id).paired;
    if (!isPaired) assertOnlyBlocked(permissions);
    return this.peers.update(id, { name, permissions });
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Forget the device and end its trust' })
  @ApiNoContentResponse()
  @ApiProblems('peer-not-found')
  remove(@Param('id') id: string): void {
    this.peers.remove(id);
  }

  @Post(':id/test')
  @HttpCode(200)
  @ApiOperation({ summary: 'Find out whether the device can be reached, and if not, why' })
  @ApiOkResponse({ type: PeerTestResultDto })
  @ApiProblems('peer-not-found')
  test(@Param('id') id: string): Promise<PeerTestResult> {
    return this.connectionTest.run(id);
  }

  @Get(':id/files')
  @ApiOperation({
    summary:
      'What the paired device shares with this one, folder by folder or all of it; a page may be shorter than asked for',
  })
  @ApiOkResponse({ type: RemoteEntryPageDto })
  @ApiProblems(
    'validation',
    'bad-cursor',
    'peer-untrusted',
    'peer-not-found',
    'peer-refused',
    'peer-identity',
    'peer-version',
    'peer-offline',
  )
  files(@Param('id') id: string, @Query() query: ListRemoteFilesDto): Promise<Page<RemoteEntry>> {
    return this.remoteFiles.list(id, query);
  }
}

/** @throws ProblemError validation that names each permission which only a paired device can have. */
function assertOnlyBlocked(permissions: Partial<PeerPermissions>): void {
  const others = Object.entries(permissions).flatMap(([name, value]) =>
    value === undefined || name === 'blocked' ? [] : [name],
  );
  if (others.length === 0) return;
  const detail = `The device is not paired: of its permissions only blocked can be set, not ${others.join(', ')}.`;
  const errors = others.map((name) => ({ pointer: `/permissions/${name}`, code: 'not-paired', detail }));
  throw new ProblemError('validation', detail, errors);
}
