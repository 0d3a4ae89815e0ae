"""A second opinion on what `dyntastic emit iam` prints: moto's IAM mode, which judges each request of the command.

`DYNTASTIC_TEST_ENDPOINT` is moto, and `PYTHONPATH` the folder with moto and boto3. Each command runs under the policy of
the service that names its operation, is refused under that policy without any one of its actions, and under the policies
of the other services. moto 5.2 judges neither resources nor conditions, and wants actions of their own for transactions
and batches, which IAM does not have: the tests of `policies` judge these.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.request import Request, urlopen

import boto3

SCHEMA = """\
dyntastic: 1
models:
  User:
    table: users
    hash_key: id
    fields: { id: string, name: string }
    indexes: { by_name: { hash_key: name } }
services:
  get: { models: { User: [get] } }
  query: { models: { User: [query, query_by_name] } }
  scan: { models: { User: [scan] } }
  insert: { models: { User: [insert] } }
  delete: { models: { User: [get, delete] } }  # the command reads the item first
  all: { models: { User: all } }
"""
# Each command with the service of its operation.
COMMANDS = [
    ("get", ["get", "User", "id=a"]),
    ("query", ["query", "User", "id=a"]),
    ("query", ["query", "User.by_name", "name=Ada"]),
    ("scan", ["scan", "User"]),
    ("insert", ["put", "User", '{"id":"b","name":"Bob"}']),
    ("delete", ["delete", "User", "id=b"]),
]

endpoint = os.environ["DYNTASTIC_TEST_ENDPOINT"]
command = sys.argv[1:]
folder = tempfile.TemporaryDirectory()
schema = Path(folder.name) / "models.yaml"
schema.write_text(SCHEMA)
anybody = ("local", "local")


def dyntastic(key: tuple[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    access = {"AWS_ACCESS_KEY_ID": key[0], "AWS_SECRET_ACCESS_KEY": key[1], "AWS_REGION": "us-east-1"}
    environment = {**os.environ, **access, "DYNTASTIC_HOST": endpoint}
    return subprocess.run([*command, *arguments], env=environment, capture_output=True, text=True)


def judge(on: bool) -> None:
    """moto judges the requests after so many others."""
    data = b"0" if on else b"inf"
    urlopen(Request(f"{endpoint}/moto-api/reset-auth", data=data, headers={"Content-Type": "text/plain"}))


iam = boto3.client(
    "iam", aws_access_key_id="local", aws_secret_access_key="local", region_name="us-east-1", endpoint_url=endpoint
)
iam.create_user(UserName="app")
created = iam.create_access_key(UserName="app")["AccessKey"]
app = (created["AccessKeyId"], created["SecretAccessKey"])


def policy(service: str) -> list[dict]:
    printed = dyntastic(anybody, "emit", "iam", str(schema), "--for", service)
    assert printed.returncode == 0, printed.stderr
    return json.loads(printed.stdout)["Statement"]


def actions(statements: list[dict]) -> set[str]:
    return {action for of in statements for action in of["Action"]}


def may(statements: list[dict], arguments: list[str]) -> bool:
    """Whether a command succeeds under these statements, with any resource and without conditions."""
    judged = [{"Effect": of["Effect"], "Action": of["Action"], "Resource": "*"} for of in statements if of["Action"]]
    # A policy has a statement.
    judged = judged or [{"Effect": "Allow", "Action": "dynamodb:DescribeLimits", "Resource": "*"}]
    document = json.dumps({"Version": "2012-10-17", "Statement": judged})
    iam.put_user_policy(UserName="app", PolicyName="app", PolicyDocument=document)
    judge(True)
    ran = dyntastic(app, arguments[0], "--schema", str(schema), *arguments[1:])
    judge(False)
    return ran.returncode == 0


for arguments in (["apply", "--yes", str(schema)], ["put", "--schema", str(schema), "User", '{"id":"a","name":"Ada"}']):
    ran = dyntastic(anybody, *arguments)
    assert ran.returncode == 0, ran.stderr

services = {service: policy(service) for service in ["get", "query", "scan", "insert", "delete", "all"]}
judged = 0
for service, arguments in COMMANDS:
    statements = services[service]
    for other, of_other in services.items():
        if not actions(statements) <= actions(of_other):
            assert not may(of_other, arguments), f"{arguments} under the policy of `{other}`"
            judged += 1
    for action in actions(statements):
        less = [{**of, "Action": [one for one in of["Action"] if one != action]} for of in statements]
        assert not may(less, arguments), f"{arguments} without {action}"
        judged += 1
    assert may(statements, arguments), f"{arguments} under the policy of `{service}`"
    judged += 1
# The last command deleted what the one before it had put, so that both can run again.
assert all(may(services["all"], arguments) for _, arguments in COMMANDS)
print(f"moto's IAM agrees on {judged + len(COMMANDS)} requests")
