"""Checks what `dyntastic emit cloudformation` prints: by cfn-lint, and by a stack on moto.

`DYNTASTIC_TEST_ENDPOINT` is moto, and `PYTHONPATH` the folder with moto, cfn-lint and boto3. The tables of the stack are
what `dyntastic plan` expects, but for what moto 5.2 does not take from templates.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import boto3
from cfnlint.api import lint_all

VARIABLES = {"PRODUCTS_TABLE": "products"}
# moto 5.2 ignores these settings of a stack, and TableClass everywhere.
LEFT = """\
user.profiles
  ~ turn on point-in-time recovery
  ~ encrypt the table with the key alias/users
  ~ take at most 1000 read and 500 write units per second; there was no maximum

products
  ~ set the table class to standard_infrequent_access
  ~ add the resource policy; there was none
  ~ turn on the time to live, in the attribute `ends`

visits
  ~ turn on point-in-time recovery
  ~ encrypt the table with the key alias/visits
  ~ take at most 1000 read and 500 write units per second; there was no maximum
  ~ add the resource policy; there was none
  ~ turn on the time to live, in the attribute `ends`

shop
  ~ turn on the time to live, in the attribute `ends`

12 changes
"""

# moto 5.2 has no contributor insights and no replicas.
text = Path("tests/infrastructure/models.yaml").read_text().replace("contributor_insights: true", "")
text = re.sub(r"replicas:\n( +)\w.*\n\1\w.*\n", "\n", text)
folder = tempfile.TemporaryDirectory()
SCHEMA = f"{folder.name}/models.yaml"
Path(SCHEMA).write_text(text)

endpoint = os.environ["DYNTASTIC_TEST_ENDPOINT"]
access = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_REGION": "us-east-1"}
command = sys.argv[1:]


def dyntastic(*arguments: str) -> str:
    environment = {**os.environ, **VARIABLES, **access}
    return subprocess.run([*command, *arguments], env=environment, stdout=subprocess.PIPE, text=True).stdout


whole = dyntastic("emit", "cloudformation", "tests/infrastructure/models.yaml")
# I are wishes, such as for descriptions of the architecture.
mistakes = [str(found) for found in lint_all(whole) if not found.rule.id.startswith("I")]
if mistakes:
    sys.exit("cfn-lint: " + "\n".join(mistakes))

template = dyntastic("emit", "cloudformation", SCHEMA)
stacks = boto3.client(
    "cloudformation",
    endpoint_url=endpoint,
    region_name=access["AWS_REGION"],
    aws_access_key_id=access["AWS_ACCESS_KEY_ID"],
    aws_secret_access_key=access["AWS_SECRET_ACCESS_KEY"],
)
parameters = [{"ParameterKey": "ProductsTableName", "ParameterValue": VARIABLES["PRODUCTS_TABLE"]}]
stacks.create_stack(StackName="tables", TemplateBody=template, Parameters=parameters)
stack = stacks.describe_stacks(StackName="tables")["Stacks"][0]
assert stack["StackStatus"] == "CREATE_COMPLETE", stack
outputs = {output["OutputKey"] for output in stack["Outputs"]}
assert {"ShopTableArn", "ProductsTableStreamArn", "UserProfilesTableName"} <= outputs, outputs

plan = dyntastic("plan", SCHEMA, "--endpoint", endpoint)
if plan != LEFT:
    sys.exit(f"the tables of the stack are not as the schema says:\n{plan}")
print("cfn-lint finds no mistake, and the tables of the stack on moto are as the schema says")
