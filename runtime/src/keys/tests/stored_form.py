"""Encrypts a value as `payload.rs` documents it, without the code of this crate: the content of stored_form.txt."""

import base64
import hashlib
import hmac
import struct

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

secret, salt, key_id = bytes(range(32)), bytes(range(100, 132)), b"2026-11"
context, plain = b"users/u1/ssn", b"123-45-6789"

header = bytes([1]) + struct.pack(">H", len(key_id)) + key_id + salt
purpose = b"dyntastic encrypted value 1"
extracted = hmac.new(salt, secret, hashlib.sha256).digest()
first = hmac.new(extracted, purpose + b"\1", hashlib.sha256).digest()
second = hmac.new(extracted, first + purpose + b"\2", hashlib.sha256).digest()
key, nonce = first, second[:12]
authenticated = b"".join(struct.pack(">Q", len(part)) + part for part in [header, context])
print(base64.b64encode(header + AESGCM(key).encrypt(nonce, plain, authenticated)).decode())
