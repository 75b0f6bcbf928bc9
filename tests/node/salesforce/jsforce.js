// Does with jsforce what it is told: one JSON line in, one JSON line out.
//
// {"connect": {loginUrl, clientId, clientSecret, version}}     signs in with the client credentials flow
// {"on": "Task" | "tooling:CustomField" | null, "call": name, "args": […]}     one call of jsforce's API
"use strict";

const readline = require("node:readline");
const { Connection } = require("jsforce");

let connection;

async function connect({ loginUrl, clientId, clientSecret, version }) {
  connection = new Connection({ version, oauth2: { loginUrl, clientId, clientSecret } });
  await connection.authorize({ grant_type: "client_credentials" });
  // The stand-in names itself by https, as Salesforce does, and speaks plain http.
  connection.instanceUrl = loginUrl;
  return { accessToken: Boolean(connection.accessToken) };
}

function target(on) {
  if (!on) return connection;
  return on.startsWith("tooling:") ? connection.tooling.sobject(on.slice(8)) : connection.sobject(on);
}

async function call({ on, call: name, args }) {
  const result = await target(on)[name](...args);
  return { result, limitInfo: connection.limitInfo };
}

async function answer(line) {
  const asked = JSON.parse(line);
  try {
    return asked.connect ? await connect(asked.connect) : await call(asked);
  } catch (error) {
    return { error: { code: error.errorCode || error.name, message: error.message } };
  }
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await answer(line))}\n`);
  }
}

main();
