// Model output is hostile until proved inert: what is rendered has no script, no handler, no fetch, no bad link.
import { describe, expect, it } from 'vitest';
import { render } from './markdown';

function rendered(text: string): HTMLElement {
  const box = document.createElement('div');
  box.innerHTML = String(render(text));
  return box;
}

// Everything that can run, load, submit, restyle or leave the page.
function checkInert(text: string) {
  const box = rendered(text);
  const banned =
    'script,style,iframe,object,embed,img,svg,math,video,audio,source,link,meta,base,form,input,button,textarea,select,template,portal,frame,frameset,applet,noscript,dialog,marquee';
  expect(box.querySelector(banned), text).toBeNull();
  for (const element of box.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      expect(['href', 'target', 'rel', 'class', 'start', 'align'], text).toContain(name);
      if (name === 'href') expect(value, text).toMatch(/^(https?:|mailto:)/i);
    }
  }
  for (const link of box.querySelectorAll('a')) {
    expect(link.getAttribute('rel')).toBe('noopener noreferrer nofollow');
    expect(link.getAttribute('target')).toBe('_blank');
  }
}

const attacks = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<body onload=alert(1)>',
  '<details open ontoggle=alert(1)>x</details>',
  '<input autofocus onfocus=alert(1)>',
  '<video><source onerror=alert(1)></video>',
  '<audio src=x onerror=alert(1)>',
  '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<template><script>alert(1)</script></template>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="jav&#x09;ascript:alert(1)">x</a>',
  '<base href="http://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
  '<link rel=stylesheet href="http://evil.example/x.css">',
  '<style>@import "http://evil.example/x.css";</style>',
  '<p style="background:url(http://evil.example/x)">x</p>',
  '<form action="http://evil.example"><button>go</button></form>',
  '<object data="javascript:alert(1)"></object>',
  '<embed src="javascript:alert(1)">',
  '<button formaction="javascript:alert(1)">x</button>',
  '<marquee onstart=alert(1)>x</marquee>',
  '<isindex type=image src=1 onerror=alert(1)>',
  '<div id="app" name="body">clobber</div>',
  '<x onclick=alert(1)>x</x>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<![CDATA[<img src=x onerror=alert(1)>]]>',
  '"><img src=x onerror=alert(1)>',
  '</div></div><script>alert(1)</script>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x]( javascript:alert(1))',
  '[x](<javascript:alert(1)>)',
  '[x](java\nscript:alert(1))',
  '[x](java&Tab;script:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](\u0001javascript:alert(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '[x](vbscript:msgbox(1))',
  '[x](file:///etc/passwd)',
  '[x](//evil.example/x)',
  '[x](/api/gold-star)',
  '[x](blob:https://a/b)',
  '[x][r]\n\n[r]: javascript:alert(1)',
  '<javascript:alert(1)>',
  '[x](https://a.example "onmouseover=alert(1)")',
  '[x](https://a.example/"onmouseover="alert(1))',
  '[<img src=x onerror=alert(1)>](https://a.example)',
  '![x](http://evil.example/track.png)',
  '![x](javascript:alert(1))',
  '![x](x"onerror="alert(1))',
  '![<script>alert(1)</script>](x)',
  '`<img src=x onerror=alert(1)>`',
  '```html\n<script>alert(1)</script>\n```',
  '```"><img src=x onerror=alert(1)>\ncode\n```',
  '```html onload=alert(1)\n<svg onload=alert(1)>\n```',
  '    <script>alert(1)</script>',
  '# <img src=x onerror=alert(1)>',
  '| <img src=x onerror=alert(1)> |\n|---|\n| <script>alert(1)</script> |',
  '- [x] <input onfocus=alert(1) autofocus>',
  '~~<svg/onload=alert(1)>~~',
  'https://a.example/?"><script>alert(1)</script>',
  'javascript:alert(1)',
  'a@b.example"><script>alert(1)</script>',
  '{"x": "<script>alert(1)</script>"}',
  '["</code></pre><img src=x onerror=alert(1)>"]',
];

describe('hostile output', () => {
  it.each(attacks)('%s', (text) => {
    checkInert(text);
    checkInert(`> ${text}`);
    checkInert(`* a\n\n  ${text}`);
    checkInert(`**${text}**`);
  });

  it('shows raw HTML as text', () => {
    expect(rendered('<b>bold</b> <script>alert(1)</script>').textContent).toContain(
      '<b>bold</b> <script>alert(1)</script>',
    );
  });

  it('shows an image as its address', () => {
    expect(rendered('![a cat](http://x.example/c.png)').textContent?.trim()).toBe(
      '![a cat](http://x.example/c.png)',
    );
  });

  it('keeps the words of a link it does not trust', () => {
    const box = rendered('see [the **docs**](javascript:alert(1))');
    expect(box.querySelector('a')).toBeNull();
    expect(box.textContent?.trim()).toBe('see the docs');
  });
});

describe('honest output', () => {
  it('has paragraphs, lists, tables, code and safe links', () => {
    const box = rendered(
      'A *b* **c**\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[d](https://e.example/?a=1&b=2)',
    );
    expect(box.querySelector('em')?.textContent).toBe('b');
    expect(box.querySelectorAll('li')).toHaveLength(2);
    expect(box.querySelectorAll('td')).toHaveLength(2);
    expect(rendered('3. c\n4. d').querySelector('ol')?.getAttribute('start')).toBe('3');
    expect(box.querySelector('a')?.getAttribute('href')).toBe('https://e.example/?a=1&b=2');
  });

  it('colours known languages by class and leaves others plain', () => {
    const known = rendered('```python\ndef f(): return 1\n```');
    expect(known.querySelector('.hljs-keyword')?.textContent).toBe('def');
    const unknown = rendered('```klingon\ndef f()\n```');
    expect(unknown.querySelector('code')?.children).toHaveLength(0);
    expect(unknown.textContent).toContain('def f()');
  });

  it('keeps every heading at one level', () => {
    const levels = [...rendered('# a\n\n### b\n\n###### c').querySelectorAll('h1,h2,h3,h4,h5,h6')];
    expect(levels.map((h) => h.tagName)).toEqual(['H4', 'H4', 'H4']);
  });

  it('lays JSON out', () => {
    expect(rendered('{"a":[1,2]}').textContent).toBe(JSON.stringify({ a: [1, 2] }, null, 2));
  });
});
