"""PyPI x402 with FastAPI, as its documentation has it. It says "open" on its standard output once it listens.

    python x402_fastapi.py PORT FACILITATOR PAY_TO
"""

import asyncio
import sys

import uvicorn
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from x402 import x402ResourceServer
from x402.http import FacilitatorConfig, HTTPFacilitatorClient
from x402.http.middleware.fastapi import PaymentMiddlewareASGI
from x402.mechanisms.evm.exact import ExactEvmServerScheme


def open_house(facilitator, pay_to):
    server = x402ResourceServer(HTTPFacilitatorClient(FacilitatorConfig(url=facilitator)))
    server.register("eip155:84532", ExactEvmServerScheme())
    accepts = {"scheme": "exact", "price": "$0.01", "network": "eip155:84532", "payTo": pay_to}
    house = FastAPI()
    house.add_middleware(PaymentMiddlewareASGI, routes={"GET /film": {"accepts": accepts}}, server=server)
    # Added last, so it stands in front of the paywall: nothing of the stock server sets CORS headers.
    exposed = ["PAYMENT-REQUIRED", "PAYMENT-RESPONSE"]
    house.add_middleware(CORSMiddleware, allow_origins=["*"], allow_headers=["*"], expose_headers=exposed)

    @house.get("/film")
    async def film():
        return {"film": "moon"}

    return house


async def main(port, facilitator, pay_to):
    config = uvicorn.Config(open_house(facilitator, pay_to), host="127.0.0.1", port=port, log_level="warning")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started and not serving.done():
        await asyncio.sleep(0.02)
    print("open", flush=True)
    await serving


asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
