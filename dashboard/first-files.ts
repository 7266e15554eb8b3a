// Of each page of the dashboard an HTML file of its own, which names the files that the page takes: the browser asks
// for all of them at once, instead of finding them one behind the other. What a page is made of it learns from the
// bundle; which address gets which file is the server's business.
import type { Plugin, Rolldown } from 'vite';

type Bundle = Rolldown.OutputBundle;
type Chunk = Rolldown.OutputChunk;

/** The chart library: a page that draws asks for it itself, before it has an answer to draw. */
const ENGINE = '/charts/engine.ts';
/** The files of the pages, by their folder, and a report by itself. */
const PAGE = /\/src\/pages\/([a-z]+)\/Pages?\.svelte$/;
const EMBED = /\/src\/reports\/Embed\.svelte$/;
const ENTRY = 'index.html';

export function firstFiles(): Plugin {
  return {
    name: 'first-files',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const html = bundle[ENTRY];
      if (html?.type !== 'asset') throw new Error(`There is no ${ENTRY} to begin with.`);
      const entry = chunksOf(bundle).find(({ isEntry }) => isEntry);
      const known = new Set(entry && filesOf(bundle, entry));
      for (const chunk of chunksOf(bundle)) {
        const name = pageOf(chunk);
        if (name === undefined) continue;
        const files = [...filesOf(bundle, chunk), ...chartsOf(bundle, chunk)];
        const links = files.filter((file) => !known.has(file)).map(linkTo);
        const source = String(html.source).replace('</head>', `${links.join('')}</head>`);
        this.emitFile({ type: 'asset', fileName: `pages/${name}.html`, source });
      }
    },
  };
}

const chunksOf = (bundle: Bundle): Chunk[] =>
  Object.values(bundle).filter((file): file is Chunk => file.type === 'chunk');

function pageOf({ facadeModuleId }: Chunk): string | undefined {
  if (!facadeModuleId) return undefined;
  return EMBED.test(facadeModuleId) ? 'embed' : PAGE.exec(facadeModuleId)?.[1];
}

/** The chunk itself, all that it imports, and their styles. */
function filesOf(bundle: Bundle, from: Chunk): Set<string> {
  const found = new Set<string>();
  const take = (name: string): void => {
    const chunk = bundle[name];
    if (found.has(name) || chunk?.type !== 'chunk') return;
    found.add(name);
    for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(style);
    chunk.imports.forEach(take);
  };
  take(from.fileName);
  return found;
}

const chartsOf = (bundle: Bundle, { dynamicImports }: Chunk): string[] =>
  chunksOf(bundle)
    .filter(
      ({ fileName, facadeModuleId }) => facadeModuleId?.endsWith(ENGINE) && dynamicImports.includes(fileName),
    )
    .flatMap((charts) => [...filesOf(bundle, charts)]);

const linkTo = (file: string): string =>
  file.endsWith('.css')
    ? `<link rel="stylesheet" crossorigin href="/${file}">\n`
    : `<link rel="modulepreload" crossorigin href="/${file}">\n`;
