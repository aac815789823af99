const FINAL = ['complete', 'failed', 'cancelled'];

async function* events(body) {
  let rest = '';
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const frames = (rest + text).split('\n\n');
    rest = frames.pop();
    for (const frame of frames) {
      const type = /^event: (.*)$/m.exec(frame)?.[1];
      const data = /^data: (.*)$/m.exec(frame)?.[1];
      if (type && data) yield { type, data: JSON.parse(data).data };
    }
  }
}

/** Follows the live events of a node from now on; `of(id)` resolves with the transfer once it has ended, and stops following. */
export async function transferEnd(url) {
  const response = await fetch(`${url}/api/v1/events`, { headers: { accept: 'text/event-stream' } });
  return {
    async of(id) {
      for await (const { type, data } of events(response.body)) {
        if (type === 'transfers.changed' && data.id === id && FINAL.includes(data.state)) return data;
      }
      throw new Error('The node ended its events.');
    },
  };
}
