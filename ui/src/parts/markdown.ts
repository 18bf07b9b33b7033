// Turns a model's Markdown into HTML that can do nothing: no raw HTML, no images, no scripts, safe links only.
import DOMPurify from 'dompurify';
import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import cpp from 'highlight.js/lib/languages/cpp';
import css from 'highlight.js/lib/languages/css';
import go from 'highlight.js/lib/languages/go';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { Marked } from 'marked';
import { isJson } from './pathological';

const languages = {
  bash,
  cpp,
  css,
  go,
  java,
  javascript,
  json,
  python,
  rust,
  sql,
  typescript,
  xml,
  yaml,
};
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);

/** Longer code is shown plain: colouring it would hold up the page. */
const COLOURED_MAX = 30_000;

const marked = new Marked({
  gfm: true,
  // Models end a line where they mean it to end.
  breaks: true,
  renderer: {
    html: ({ text }) => escape(text),
    image: ({ href, text }) => escape(`![${text}](${href})`),
    link({ href, tokens }) {
      const inner = this.parser.parseInline(tokens);
      if (!/^(https?:|mailto:)/i.test(href)) return inner;
      const rel = 'noopener noreferrer nofollow';
      return `<a href="${escape(href)}" target="_blank" rel="${rel}">${inner}</a>`;
    },
    code: ({ text, lang }) => `<pre><code>${colour(text, lang ?? '')}</code></pre>`,
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
    // One level for all, so that an output cannot disturb the outline of the page.
    heading({ depth, tokens }) {
      return `<h4 class="depth-${depth}">${this.parser.parseInline(tokens)}</h4>`;
    },
  },
});

const allowed = {
  ALLOWED_TAGS: [
    ...['a', 'b', 'blockquote', 'br', 'code', 'del', 'em', 'h4', 'hr', 'i', 'li', 'ol', 'p', 'pre'],
    ...['span', 'strong', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul'],
  ],
  ALLOWED_ATTR: ['href', 'target', 'rel', 'class', 'start', 'align'],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:)/i,
  // Their values are no addresses, and would be dropped for not looking like one.
  ADD_URI_SAFE_ATTR: ['target', 'rel', 'start', 'align'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};

export function render(text: string): TrustedHTML {
  // Answers are often JSON by order of the prompt: laid out, it can be read.
  const html = isJson(text) ? jsonBlock(text) : (marked.parse(text, { async: false }) as string);
  return DOMPurify.sanitize(html, { ...allowed, RETURN_TRUSTED_TYPE: true });
}

function jsonBlock(text: string): string {
  const laidOut = JSON.stringify(JSON.parse(text), null, 2);
  return `<pre><code>${colour(laidOut, 'json')}</code></pre>`;
}

function colour(code: string, lang: string): string {
  const language = lang.trim().split(/\s+/)[0]?.toLowerCase() ?? '';
  if (code.length > COLOURED_MAX || !hljs.getLanguage(language)) return escape(code);
  return hljs.highlight(code, { language, ignoreIllegals: true }).value;
}

function escape(text: string): string {
  const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (sign) => signs[sign] ?? sign);
}
