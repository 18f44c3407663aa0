// Compiles the contract with the pinned compiler and prints what is committed as the artifact.
// Usage: node build.js <folder of node_modules> <file.sol>... > artifact
"use strict";
const fs = require("fs");
const path = require("path");

const [modules, ...files] = process.argv.slice(2);
const solc = require(path.resolve(modules, "solc"));
const settings = {
  evmVersion: "cancun",
  optimizer: { enabled: true, runs: 200 },
  // No hash of paths and comments behind the code: the same source gives the same bytes anywhere.
  metadata: { bytecodeHash: "none", appendCBOR: false },
  outputSelection: {
    "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object",
                 "evm.deployedBytecode.immutableReferences"], "": ["ast"] },
  },
};
const sources = {};
for (const file of files) sources[path.basename(file)] = { content: fs.readFileSync(file, "utf8") };
const input = { language: "Solidity", sources, settings };
const read = (name) => ({ contents: fs.readFileSync(path.join(modules, name), "utf8") });
const output = JSON.parse(solc.compile(JSON.stringify(input), { import: read }));
const wrong = (output.errors || []).filter((it) => it.type !== "Info");
if (wrong.length > 0) {
  for (const it of wrong) process.stderr.write(it.formattedMessage + "\n");
  process.exit(1);
}
// An immutable is known by its number in the syntax tree; we name it.
const names = {};
const walk = (node) => {
  if (node === null || typeof node !== "object") return;
  if (node.nodeType === "VariableDeclaration" && node.mutability === "immutable") names[node.id] = node.name;
  for (const key of Object.keys(node)) walk(node[key]);
};
for (const key of Object.keys(output.sources)) walk(output.sources[key].ast);

const artifacts = [];
for (const file of files) {
  for (const [name, made] of Object.entries(output.contracts[path.basename(file)])) {
    const immutables = {};
    for (const [id, places] of Object.entries(made.evm.deployedBytecode.immutableReferences)) {
      immutables[names[id]] = places.map((it) => it.start);
    }
    artifacts.push({
      contract: name,
      solc: solc.version(),
      evm: settings.evmVersion,
      optimizer_runs: settings.optimizer.runs,
      immutables: Object.fromEntries(Object.entries(immutables).sort()),
      abi: made.abi,
      bytecode: "0x" + made.evm.bytecode.object,
      runtime: "0x" + made.evm.deployedBytecode.object,
    });
  }
}
process.stdout.write(JSON.stringify(artifacts.length === 1 ? artifacts[0] : artifacts, null, 1) + "\n");
