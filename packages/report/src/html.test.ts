import { describe, expect, it } from 'vitest';
import { escapeHtml, html, readable, trusted } from './html.ts';

describe('a template', () => {
  it('escapes text, joins lists and leaves markup as it is', () => {
    expect(html`<p title="${'"&\''}">${['<b>', html`<i>${1}</i>`, trusted('<br>')]}</p>`.text).toBe('<p title="&quot;&amp;&#39;">&lt;b&gt;<i>1</i><br></p>');
  });

  it('shows every character that HTML has and marks those that it has not', () => {
    expect(escapeHtml('<script>é😀\n\t</script>')).toBe('&lt;script&gt;é😀\n\t&lt;/script&gt;');
    expect(readable('a\u0000b\u001bc\u0085d\ufffee\ud800f')).toBe('a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf');
  });
});
