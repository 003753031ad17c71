"""Buys one URL again and again with the real client of PyPI x402-mock, and prints each purchase as a line of JSON.

    EVM_PRIVATE_KEY=0x… python x402_mock.py URL RPC_URL AT_LEAST AT_MOST

It goes on past AT_LEAST until one signature came with a dropped leading zero, as about every sixth of this client does.
"""

import asyncio
import json
import os
import sys

from x402_mock.adapters.evm.schemas import EVMPaymentComponent
from x402_mock.clients.http_client import Http402Client

# Everything is told, so that the client asks no list on the internet.
USDC = {
    # Every currency but a few stablecoins makes x402-mock sign for Permit2.
    "currency": os.environ.get("CURRENCY", "USDC"),
    "caip2": "eip155:84532",
    "token": "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
    "token_name": "USDC",
    "token_version": "2",
    "token_decimals": 6,
}
LIMIT = 0.05
FULL = len("0x") + 64


async def buy(url, rpc_url):
    office = {}

    async def remember(response):
        if response.request.method == "POST":
            await response.aread()
            office["permit"] = json.loads(response.request.content)["permit"]
            office["answer"] = response.json()

    async with Http402Client(event_hooks={"response": [remember]}, timeout=30) as client:
        client.add_payment_method(EVMPaymentComponent(payment_type="evm", amount=LIMIT, rpc_url=rpc_url, **USDC))
        response = await client.get(url)
    signature = office["permit"]["signature"]
    return {
        "status": response.status_code,
        "body": response.json(),
        "token": office["answer"].get("access_token"),
        "answer": office["answer"],
        "short": min(len(signature["r"]), len(signature["s"])) < FULL,
    }


async def main(url, rpc_url, at_least, at_most):
    seen_short = False
    for count in range(1, at_most + 1):
        purchase = await buy(url, rpc_url)
        print(json.dumps(purchase), flush=True)
        seen_short |= purchase["short"]
        if count >= at_least and seen_short:
            return


asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
