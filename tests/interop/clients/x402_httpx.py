"""PyPI x402 with httpx, as its documentation has it. Prints the purchase as JSON.

    EVM_PRIVATE_KEY=0x… python x402_httpx.py URL
"""

import asyncio
import json
import os
import sys

from eth_account import Account
from x402 import x402Client
from x402.http import decode_payment_response_header
from x402.http.clients.httpx import wrapHttpxWithPayment
from x402.mechanisms.evm.exact.register import register_exact_evm_client
from x402.mechanisms.evm.signers import EthAccountSigner


async def buy(url, key):
    client = register_exact_evm_client(x402Client(), EthAccountSigner(Account.from_key(key)))
    async with wrapHttpxWithPayment(client, timeout=30) as http:
        response = await http.get(url)
        receipt = response.headers.get("payment-response")
        return {
            "status": response.status_code,
            "body": response.json(),
            "receipt": receipt and decode_payment_response_header(receipt).model_dump(by_alias=True),
        }


print(json.dumps(asyncio.run(buy(sys.argv[1], os.environ["EVM_PRIVATE_KEY"]))))
