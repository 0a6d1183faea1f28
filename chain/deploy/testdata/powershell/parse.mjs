// Parses the PowerShell scripts named as arguments and prints one line for each
// place that is no PowerShell. The exit status is 1 when there is one.
import { readFileSync } from 'node:fs';
import { Language, Parser } from 'web-tree-sitter';

await Parser.init();
const grammar = new URL('node_modules/tree-sitter-powershell/tree-sitter-powershell.wasm', import.meta.url);
const parser = new Parser();
parser.setLanguage(await Language.load(new Uint8Array(readFileSync(grammar))));
let faults = 0;
for (const name of process.argv.slice(2)) {
  const visit = (node) => {
    if (node.isError || node.isMissing) {
      console.log(`${name}:${node.startPosition.row + 1}:${node.startPosition.column + 1}: ${node.isMissing ? 'missing ' + node.type : 'not PowerShell'}`);
      faults++;
      return;
    }
    if (node.hasError) for (const child of node.children) visit(child);
  };
  visit(parser.parse(readFileSync(name, 'utf8')).rootNode);
}
process.exit(faults > 0 ? 1 : 0);
