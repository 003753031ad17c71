"""The safety checks of PyPI x402-conformance against a facilitator over HTTP, with real payments in EIP-3009 on the local
chain. The suite brings the checks and abstract payments, and asks for an adapter: this is one. Prints the checks as JSON.

    EVM_PRIVATE_KEY=0x… python safety.py FACILITATOR PAY_TO RPC_URL
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request

from eth_abi import encode
from eth_account import Account
from eth_utils import is_address, keccak
from x402conf.harness import check_safety
from x402conf.mock import Chain, load_fixture, vectors

USDC = "0x036CbD53842c5426634e7929541eC2318f3dCF7e"
ANYBODY = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"


def fields(text):
    return [{"type": kind, "name": name} for kind, name in (field.split() for field in text.split(","))]


TRANSFER = "address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce"
TYPES = {"TransferWithAuthorization": fields(TRANSFER)}
CANCEL_TYPES = {"CancelAuthorization": fields("address authorizer,bytes32 nonce")}
CANCEL = "cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)"


def domain(chain_id=84532, asset=USDC):
    return {"name": "USDC", "version": "2", "chainId": chain_id, "verifyingContract": asset}


def call(url, body=None):
    """A request and its JSON answer, whatever its status."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers={"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refusal:
        return json.load(refusal)


class LocalChain(Chain):
    """The local chain: what is not to be final yet gets into no block, and what is to fail is cancelled by its payer."""

    def __init__(self, url, account):
        super().__init__()
        self.url, self.account, self.nonces = url, account, {}

    def hold(self, is_held):
        self._rpc("evm_setAutomine", not is_held)

    def set(self, tx, status):
        super().set(tx, status)
        if status == self.FAILED:
            self._rpc("anvil_dropAllTransactions")
            self._rpc("eth_sendTransaction", {"from": ANYBODY, "to": USDC, "data": self._cancellation(self.nonces[tx])})
        self._rpc("evm_mine")
        self.hold(False)

    def _cancellation(self, nonce):
        message = {"authorizer": self.account.address, "nonce": nonce}
        signed = self.account.sign_typed_data(domain(), CANCEL_TYPES, message)
        rs = [number.to_bytes(32, "big") for number in (signed.r, signed.s)]
        types = ["address", "bytes32", "uint8", "bytes32", "bytes32"]
        return "0x" + (keccak(text=CANCEL)[:4] + encode(types, [self.account.address, nonce, signed.v, *rs])).hex()

    def _rpc(self, method, *params):
        call(self.url, {"jsonrpc": "2.0", "id": 1, "method": method, "params": params})


class Adapter:
    """A facilitator behind its URL."""

    def __init__(self, url, account, chain, offer):
        self.url, self.account, self.chain, self.offer = url, account, chain, offer
        self.start, self.names = int(time.time()), {}

    def supported(self):
        return call(f"{self.url}/supported")

    def verify(self, payment, requirements):
        return call(f"{self.url}/verify", self._body(payment, requirements))

    def settle(self, payment, requirements):
        self.chain.hold(self.chain.status(payment) == Chain.PENDING)
        answer = call(f"{self.url}/settle", self._body(payment, requirements))
        # The suite knows a transaction by the name that it gave to the payment.
        if answer.get("transaction"):
            answer["transaction"] = self.names.setdefault(answer["transaction"], payment["tx"])
        return answer

    def _body(self, payment, requirements):
        payload = self._payload(payment, requirements) if payment.get("tx") else {"x402Version": 2, "payload": {}}
        return {"x402Version": 2, "paymentPayload": payload, "paymentRequirements": requirements}

    def _payload(self, payment, requirements):
        network, asset = payment.get("net", requirements["network"]), payment["mint"]
        nonce = self.chain.nonces[payment["tx"]] = keccak(text=payment["memo"])
        authorization = {
            "from": self.account.address,
            "to": payment["dest"],
            "value": str(payment["amount"]),
            "validAfter": "0",
            # Another transaction with the same memo is the same nonce, signed for another time.
            "validBefore": str(self.start + 200 + sum(payment["tx"].encode()) % 60),
            "nonce": "0x" + nonce.hex(),
        }
        numbers = {name: int(authorization[name]) for name in ("value", "validAfter", "validBefore")}
        # Where the check makes up a network or an asset that cannot be signed for, ours is.
        chain_id = int(network.removeprefix("eip155:")) if network.startswith("eip155:") else 84532
        own = domain(chain_id, asset if is_address(asset) else USDC)
        signed = self.account.sign_typed_data(own, TYPES, {**authorization, **numbers, "nonce": nonce})
        return {
            "x402Version": 2,
            "accepted": {**self.offer, "network": network, "asset": asset},
            "payload": {"authorization": authorization, "signature": "0x" + bytes(signed.signature).hex()},
        }


def fixture(pay_to):
    """The suite's own, with an offer that the local chain can meet."""
    offer = {"scheme": "exact", "network": "eip155:84532", "asset": USDC, "payTo": pay_to, "amount": "10000"}
    rest = {"maxTimeoutSeconds": 300, "extra": {"name": "USDC", "version": "2"}}
    return {**load_fixture(), "requirements": {**offer, **rest}}


def main(url, pay_to, rpc_url):
    account, own = Account.from_key(os.environ["EVM_PRIVATE_KEY"]), fixture(pay_to)
    adapter = Adapter(url, account, LocalChain(rpc_url, account), own["requirements"])
    print(json.dumps(check_safety(adapter, vectors(own)), default=str))


main(*sys.argv[1:])
