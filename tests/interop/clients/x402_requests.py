"""PyPI x402 with requests, as its documentation has it. Prints the purchase as JSON.

    EVM_PRIVATE_KEY=0x… python x402_requests.py URL
"""

import json
import os
import sys

import requests
from eth_account import Account
from x402 import x402ClientSync
from x402.http import decode_payment_response_header
from x402.http.clients.requests import wrapRequestsWithPayment
from x402.mechanisms.evm.exact.register import register_exact_evm_client
from x402.mechanisms.evm.signers import EthAccountSigner


def buy(url, key):
    client = register_exact_evm_client(x402ClientSync(), EthAccountSigner(Account.from_key(key)))
    response = wrapRequestsWithPayment(requests.Session(), client).get(url, timeout=30)
    receipt = response.headers.get("payment-response")
    return {
        "status": response.status_code,
        "body": response.json(),
        "receipt": receipt and decode_payment_response_header(receipt).model_dump(by_alias=True),
    }


print(json.dumps(buy(sys.argv[1], os.environ["EVM_PRIVATE_KEY"])))
