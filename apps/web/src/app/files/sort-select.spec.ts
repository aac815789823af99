import { TestBed } from '@angular/core/testing';
import { SortSelect } from './sort-select';

it('shows the order of the list, and tells the one that is chosen', async () => {
  const fixture = TestBed.createComponent(SortSelect);
  fixture.componentRef.setInput('sort', '-addedAt');
  fixture.componentRef.setInput('timeColumn', 'addedAt');
  const sorts: string[] = [];
  fixture.componentInstance.sorted.subscribe((sort) => sorts.push(sort));
  await fixture.whenStable();
  const select = (fixture.nativeElement as HTMLElement).querySelector('select');
  expect(select?.selectedOptions[0]?.textContent).toBe('Newest first');
  if (select) select.value = '-size';
  select?.dispatchEvent(new Event('change'));
  expect(sorts).toEqual(['-size']);
});
