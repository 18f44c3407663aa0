// OpenZeppelin's claim tree: a second opinion on ours, and its time.
// Usage: node tree.js dump < lines      node tree.js time COUNT CHAIN CONTRACT EPOCH
"use strict";
const path = require("path");
const { StandardMerkleTree } = require(path.resolve("node_modules/@openzeppelin/merkle-tree"));
const TYPES = ["uint256", "address", "address", "uint256"];

const [what, ...words] = process.argv.slice(2);
if (what === "dump") {
  const lines = require("fs").readFileSync(0, "utf8").trimEnd().split("\n");
  const [chain, contract] = lines[0].split(" ");
  const leaves = lines.slice(1).map((line) => [chain, contract, ...line.split(" ")]);
  const tree = StandardMerkleTree.of(leaves, TYPES);
  const out = [tree.root];
  for (const [at, leaf] of tree.entries()) out.push(leaf[2] + " " + tree.getProof(at).join(","));
  process.stdout.write(out.join("\n") + "\n");
} else {
  const [count, chain, contract, epoch] = words;
  const leaves = [];
  for (let at = 0; at < Number(count); at++) {
    const account = "0x" + "01".repeat(12) + at.toString(16).padStart(16, "0");
    leaves.push([chain, contract, account, ((at % 1000) + 1) * Number(epoch) * 10000]);
  }
  const begin = process.cpuUsage();
  const tree = StandardMerkleTree.of(leaves, TYPES);
  const { user, system } = process.cpuUsage(begin);
  const seconds = (user + system) / 1e6;
  process.stdout.write(JSON.stringify({ tree_cpu_s: seconds, root: tree.root }) + "\n");
}
