import type { Page } from 'playwright-core';

/** Drags a file from outside over the page and drops it there. @param whileOver before it is dropped. */
export async function dropFile(page: Page, name: string, text: string, whileOver?: () => Promise<void>): Promise<void> {
  const data = await page.evaluateHandle(
    ([fileName, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content ?? ''], fileName ?? '', { type: 'text/plain' }));
      return transfer;
    },
    [name, text],
  );
  for (const type of ['dragenter', 'dragover']) await page.dispatchEvent('main', type, { dataTransfer: data });
  await whileOver?.();
  await page.dispatchEvent('main', 'drop', { dataTransfer: data });
}
