"""PyPI x402 with Flask, as its documentation has it. It says "open" on its standard output once it listens.

    python x402_flask.py PORT FACILITATOR PAY_TO
"""

import sys
from wsgiref.headers import Headers

from flask import Flask
from werkzeug.serving import make_server
from x402 import x402ResourceServerSync
from x402.http import FacilitatorConfig, HTTPFacilitatorClientSync
from x402.http.middleware.flask import payment_middleware
from x402.mechanisms.evm.exact import ExactEvmServerScheme


def open_house(facilitator, pay_to):
    server = x402ResourceServerSync(HTTPFacilitatorClientSync(FacilitatorConfig(url=facilitator)))
    server.register("eip155:84532", ExactEvmServerScheme())
    accepts = {"scheme": "exact", "price": "$0.01", "network": "eip155:84532", "payTo": pay_to}
    house = Flask(__name__)
    payment_middleware(house, {"GET /film": {"accepts": accepts}}, server)

    @house.get("/film")
    def film():
        return {"film": "moon"}

    house.wsgi_app = with_cors(house.wsgi_app)
    return house


def with_cors(app):
    """Nothing of the stock server sets CORS headers, so its operator does, in front of the paywall."""

    def answer(environ, start_response):
        def start(status, headers, *rest):
            added = Headers(headers)
            added["Access-Control-Allow-Origin"] = "*"
            added["Access-Control-Allow-Headers"] = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "")
            added["Access-Control-Expose-Headers"] = "PAYMENT-REQUIRED, PAYMENT-RESPONSE"
            return start_response(status, headers, *rest)

        if environ["REQUEST_METHOD"] == "OPTIONS":
            start("204 No Content", [])
            return []
        return app(environ, start)

    return answer


house = make_server("127.0.0.1", int(sys.argv[1]), open_house(sys.argv[2], sys.argv[3]), threaded=True)
print("open", flush=True)
house.serve_forever()
