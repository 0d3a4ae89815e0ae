// Includes templates of tables in stacks of CDK. The stack has the same parameters, rules, conditions, resources and
// outputs, but for the order of tags, and each table is a construct with a name and an ARN.
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const require = createRequire(resolve(process.env.MODULES, "cdk.js"));
const { App, Stack } = require("aws-cdk-lib");
const { CfnInclude } = require("aws-cdk-lib/cloudformation-include");
const { CfnTable, CfnGlobalTable } = require("aws-cdk-lib/aws-dynamodb");

// CDK sorts tags by their keys.
const sorted = (of) => {
  if (Array.isArray(of)) {
    const items = of.map(sorted);
    const isTags = items.length > 0 && items.every((item) => item?.Key !== undefined && item?.Value !== undefined);
    return isTags ? items.sort((one, other) => (one.Key < other.Key ? -1 : 1)) : items;
  }
  if (of === null || typeof of !== "object") return of;
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, sorted(value)]));
};

for (const file of process.argv.slice(2)) {
  const template = JSON.parse(readFileSync(file, "utf8"));
  const app = new App();
  const stack = new Stack(app, "Stack");
  const tables = new CfnInclude(stack, "Tables", { templateFile: file });
  for (const [id, { Type: type }] of Object.entries(template.Resources)) {
    const table = tables.getResource(id);
    assert(table instanceof (type === "AWS::DynamoDB::GlobalTable" ? CfnGlobalTable : CfnTable), id);
    assert(table.ref && table.attrArn, id);
  }
  const made = app.synth().getStackByName("Stack").template;
  for (const [section, expected] of Object.entries(template)) {
    // CDK adds a parameter and a rule about its own bootstrapping.
    const isOwn = ([name]) => typeof expected === "string" || name in expected;
    const own = typeof expected === "string" ? made[section] : Object.fromEntries(Object.entries(made[section]).filter(isOwn));
    assert.deepStrictEqual(sorted(own), sorted(expected), `${file}: ${section}`);
  }
  console.log(`${file}: ${Object.keys(template.Resources).length} tables in a stack of CDK`);
}
