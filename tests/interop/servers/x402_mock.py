"""The real server of PyPI x402-mock, with one film for a cent. It says "open" on its standard output once it listens.

    EVM_PRIVATE_KEY=0x… python x402_mock.py PORT RPC_URL
"""

import asyncio
import os
import sys

import uvicorn
from fastapi.middleware.cors import CORSMiddleware
from x402_mock.adapters.evm.schemas import EVMPaymentComponent
from x402_mock.servers.apps import Http402Server

# Everything is told, so that the server asks no list on the internet.
MATINEE = {
    "payment_type": "evm",
    "amount": 0.01,
    # Every currency but a few stablecoins makes x402-mock sign for Permit2.
    "currency": os.environ.get("CURRENCY", "USDC"),
    "caip2": "eip155:84532",
    "token": "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
    "token_name": "USDC",
    "token_version": "2",
    "token_decimals": 6,
}


def open_house(rpc_url):
    house = Http402Server(token_key="the Python server keeps its own secret", token_expires_in=300)
    house.add_payment_method(EVMPaymentComponent(rpc_url=rpc_url, **MATINEE))
    house.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"])

    @house.get("/film")
    @house.payment_required
    async def film(claims):
        return {"film": "moon"}

    return house


async def main(port, rpc_url):
    server = uvicorn.Server(uvicorn.Config(open_house(rpc_url), host="127.0.0.1", port=port, log_level="warning"))
    serving = asyncio.create_task(server.serve())
    while not server.started and not serving.done():
        await asyncio.sleep(0.02)
    print("open", flush=True)
    await serving


asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
