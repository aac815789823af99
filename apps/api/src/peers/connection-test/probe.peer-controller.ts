import {
  DATA_PREFIX_BYTES,
  encodeProbePrefix,
  MAX_DATA_BYTES,
  parseLinkProbe,
  PATTERNS,
  ProtocolError,
} from '@ferry/protocol';
import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { DataAnswer, type DataWriter } from '../../transport/data-answer';
import { PEER_TRANSPORT } from '../../transport/limits';
import { PeerContext } from '../../transport/peer-context';
import { PeerRpcExceptionFilter } from '../../transport/peer-rpc-exception.filter';

const FRAME_BYTES = MAX_DATA_BYTES - DATA_PREFIX_BYTES;

/** Lets paired devices measure how fast this one sends. */
@Controller()
@UseFilters(PeerRpcExceptionFilter)
export class ProbePeerController {
  /** Devices that are measuring. */
  private readonly busy = new Set<string>();

  @MessagePattern(PATTERNS.linkProbe, PEER_TRANSPORT)
  probe(@Payload() payload: unknown, @Ctx() { peerId }: PeerContext): DataAnswer {
    const { bytes } = parseLinkProbe(payload);
    return new DataAnswer(async (writer) => {
      if (this.busy.has(peerId)) throw new ProtocolError('TOO_MANY_REQUESTS', 'one probe at a time');
      this.busy.add(peerId);
      try {
        await sendZeros(writer, bytes);
      } finally {
        this.busy.delete(peerId);
      }
      return {};
    });
  }
}

async function sendZeros(writer: DataWriter, bytes: number): Promise<void> {
  let left = bytes;
  for (let index = 0; left > 0; index++) {
    const dataBytes = Math.min(left, FRAME_BYTES);
    const frame = await writer.frame(DATA_PREFIX_BYTES + dataBytes);
    frame.payload.fill(0); // frame buffers are used again: they held files
    encodeProbePrefix(index, frame.payload);
    writer.send(frame);
    left -= dataBytes;
  }
}
