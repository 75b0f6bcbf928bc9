// jsforce, upserts of collections: 200 tasks a request.
"use strict";

const { readFileSync } = require("node:fs");
const { Connection } = require("jsforce");

const KEY = "Apten_Call_Id__c";
const [url, session, file] = process.argv.slice(2);

async function main() {
  const tasks = JSON.parse(readFileSync(file, "utf-8"));
  const connection = new Connection({ instanceUrl: url, accessToken: session, version: "66.0" });
  const results = await connection.sobject("Task").upsert(tasks, KEY, { allowRecursive: true });
  const refused = results.find((each) => !each.success);
  if (refused) throw new Error(JSON.stringify(refused));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
