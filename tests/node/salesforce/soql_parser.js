// Reads SOQL as soql-parser-js does: one query as a JSON string a line in, what it understood as one JSON line out.
"use strict";

const readline = require("node:readline");
const { parseQuery } = require("@jetstreamapp/soql-parser-js");

function answer(line) {
  try {
    return { query: parseQuery(JSON.parse(line)) };
  } catch (error) {
    return { error: error.message };
  }
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(answer(line))}\n`);
  }
}

main();
