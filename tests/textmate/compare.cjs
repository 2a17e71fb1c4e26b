// Compares what the TextMate grammar says of each contract with the tokens of the parser. The file that is named holds an
// object a line: a path, its text, and its tokens as [class, start, end], in UTF-16.
"use strict";

const fs = require("fs");
const path = require("path");
const oniguruma = require("vscode-oniguruma");
const textmate = require("vscode-textmate");

// The scope that each class of token has; what is of another class has none of these.
const SCOPES = {
  Doc: "comment.line.documentation",
  Comment: "comment.line.double-slash",
  Keyword: "keyword.",
  Text: "string.",
  Number: "constant.numeric",
};

function scopeClass(scopes) {
  for (const [name, scope] of Object.entries(SCOPES)) {
    if (scopes.some((one) => one.startsWith(scope))) return name;
  }
  return null;
}

async function main() {
  const wasm = fs.readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const file = path.join(__dirname, "../../editors/textmate/syntaxes/slo.tmLanguage.json");
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(fs.readFileSync(file, "utf8"), file),
  });
  const grammar = await registry.loadGrammar("source.slo");

  let files = 0;
  let compared = 0;
  const differences = [];
  for (const line of fs.readFileSync(process.argv[2], "utf8").split("\n")) {
    if (!line) continue;
    const { path: name, text, tokens } = JSON.parse(line);
    files += 1;
    // The class of each character, as the parser has it and as the grammar does.
    const expected = new Array(text.length).fill(null);
    for (const [kind, start, end] of tokens) {
      if (kind in SCOPES) expected.fill(kind, start, end);
    }
    const found = new Array(text.length).fill(null);
    const starts = new Set();
    let state = textmate.INITIAL;
    let offset = 0;
    for (const part of text.split(/(\r\n|\r|\n)/)) {
      if (/^[\r\n]/.test(part)) {
        offset += part.length;
        continue;
      }
      const result = grammar.tokenizeLine(part, state);
      if (result.stoppedEarly) throw new Error(`${name}: the grammar takes too long`);
      state = result.ruleStack;
      for (const token of result.tokens) {
        found.fill(scopeClass(token.scopes), offset + token.startIndex, offset + Math.min(token.endIndex, part.length));
        starts.add(offset + token.startIndex);
      }
      offset += part.length;
    }
    const where = (at) => `${name}:${text.slice(0, at).split("\n").length}`;
    for (const [kind, start, end] of tokens) {
      compared += 1;
      // A token begins where the grammar begins one, so that two of one class don't pass for a single one.
      if (kind in SCOPES && !starts.has(start)) differences.push(`${where(start)}: no token begins at ${kind} ${text.slice(start, end)}`);
    }
    for (let at = 0; at < text.length; at += 1) {
      if (expected[at] === found[at]) continue;
      const stop = text.slice(at).search(/[\r\n]|$/);
      differences.push(`${where(at)}: ${found[at]} instead of ${expected[at]}: ${text.slice(at, at + stop)}`);
      at += stop;
    }
  }
  for (const difference of differences.slice(0, 40)) console.error(difference);
  console.log(`${files} contracts, ${compared} tokens, ${differences.length} differences`);
  if (differences.length > 0 || files === 0 || compared === 0) process.exit(1);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
