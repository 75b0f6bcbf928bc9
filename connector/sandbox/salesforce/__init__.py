"""A stand-in for a Salesforce org, over real HTTP: the paths the connector and common clients use, and an org's rules.

Where a rule is found:

- the door, and what every answer carries: `app`, `limits`; the paths: `resources`; signing in: `oauth`, `soap`
- objects and fields: `standard/`, `objects`, `fields`, `describe`; who may see and do what: `access`, `grants`
- making fields: `tooling`; fields and permission sets from files: `deployments`
- rows: `saves` (collections), `sobjects` (one at a time), `rows` (which record, unique fields, all or none), `rules`,
  `values`, `links` (whom they point to), `locks`
- what the platform adds: `derived`, `archiving`
- reading: `soql`, `columns`, `conditions`, `queries`; `sosl`, `searches`; both made of `tokens`
- the state, and what happened to it: `org`, `tables`, `history`, `by_hand` (people at work)
- what goes wrong: `faults`, `answers`; what is assumed: `assumptions`
"""
