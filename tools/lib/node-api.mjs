const PAGE = 1000;

/** The HTTP API of one node, as far as the tools use it. */
export class NodeApi {
  /** @param {string} url without a path */
  constructor(url) {
    this.url = url;
  }

  get(path) {
    return this.#request('GET', path);
  }

  post(path, body) {
    return this.#request('POST', path, body);
  }

  /** @returns {Promise<object[]>} the first thousand items of a list */
  async list(path, query = {}) {
    const { items } = await this.get(`${path}?${new URLSearchParams({ limit: PAGE, ...query })}`);
    return items;
  }

  async #request(method, path, body) {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${answer.detail ?? ''}`);
    return answer;
  }
}

/** Makes two nodes trust each other: one invites, the other claims. */
export async function pair(inviter, claimer) {
  const { uri } = await inviter.post('/pairings', {});
  await claimer.post('/pairings/claim', { uri });
}
