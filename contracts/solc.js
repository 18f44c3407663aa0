#!/usr/bin/env node
// The compiler of the npm package, spoken to as forge speaks to a native one.
"use strict";
const solc = require(require("path").resolve("node_modules/solc"));
if (process.argv.includes("--version")) {
  process.stdout.write("solc, the solidity compiler\nVersion: " + solc.version() + "\n");
} else {
  process.stdout.write(solc.compile(require("fs").readFileSync(0, "utf8")));
}
