// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

/// What Permit2's signature transfers and x402's proxies answer to, for a chain that lives on one desk. Written for
/// x402-wasm from their public interfaces: the same signatures, types, errors and rules, and nothing else of them.
/// Code is placed at the real addresses without running constructors, so nothing here is set up in storage.
struct TokenPermissions {
    address token;
    uint256 amount;
}

struct PermitTransferFrom {
    TokenPermissions permitted;
    uint256 nonce;
    uint256 deadline;
}

struct SignatureTransferDetails {
    address to;
    uint256 requestedAmount;
}

contract DevPermit2 {
    using SafeERC20 for IERC20;

    error InvalidAmount(uint256 maxAmount);
    error InvalidContractSignature();
    error InvalidNonce();
    error InvalidSignature();
    error InvalidSignatureLength();
    error InvalidSigner();
    error SignatureExpired(uint256 signatureDeadline);

    event UnorderedNonceInvalidation(address indexed owner, uint256 word, uint256 mask);

    string private constant TOKEN_PERMISSIONS = "TokenPermissions(address token,uint256 amount)";
    string private constant FIELDS = "TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline";
    bytes32 private constant TOKEN_PERMISSIONS_HASH = keccak256(bytes(TOKEN_PERMISSIONS));
    bytes32 private constant LOW_BITS = 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff;

    mapping(address owner => mapping(uint256 word => uint256 bits)) public nonceBitmap;

    /// The spender takes the asset for whom it wants.
    function permitTransferFrom(
        PermitTransferFrom memory permit,
        SignatureTransferDetails calldata details,
        address owner,
        bytes calldata signature
    ) external {
        bytes32 typeHash = keccak256(abi.encodePacked("PermitTransferFrom(", FIELDS, ")", TOKEN_PERMISSIONS));
        _transfer(permit, details, owner, keccak256(_fields(typeHash, permit)), signature);
    }

    /// The same, where the owner signed something more.
    function permitWitnessTransferFrom(
        PermitTransferFrom memory permit,
        SignatureTransferDetails calldata details,
        address owner,
        bytes32 witness,
        string calldata witnessType,
        bytes calldata signature
    ) external {
        bytes32 typeHash = keccak256(abi.encodePacked("PermitWitnessTransferFrom(", FIELDS, ",", witnessType));
        _transfer(permit, details, owner, keccak256(bytes.concat(_fields(typeHash, permit), witness)), signature);
    }

    /// The owner withdraws nonces, used or not.
    function invalidateUnorderedNonces(uint256 word, uint256 mask) external {
        nonceBitmap[msg.sender][word] |= mask;
        emit UnorderedNonceInvalidation(msg.sender, word, mask);
    }

    function DOMAIN_SEPARATOR() public view returns (bytes32) {
        bytes32 typeHash = keccak256("EIP712Domain(string name,uint256 chainId,address verifyingContract)");
        return keccak256(abi.encode(typeHash, keccak256("Permit2"), block.chainid, address(this)));
    }

    function _fields(bytes32 typeHash, PermitTransferFrom memory permit) private view returns (bytes memory) {
        bytes32 permitted = keccak256(abi.encode(TOKEN_PERMISSIONS_HASH, permit.permitted));
        return abi.encode(typeHash, permitted, msg.sender, permit.nonce, permit.deadline);
    }

    function _transfer(
        PermitTransferFrom memory permit,
        SignatureTransferDetails calldata details,
        address owner,
        bytes32 structHash,
        bytes calldata signature
    ) private {
        if (block.timestamp > permit.deadline) revert SignatureExpired(permit.deadline);
        if (details.requestedAmount > permit.permitted.amount) revert InvalidAmount(permit.permitted.amount);
        uint256 bit = 1 << (permit.nonce & 0xff);
        uint256 flipped = nonceBitmap[owner][permit.nonce >> 8] ^= bit;
        if (flipped & bit == 0) revert InvalidNonce();
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", DOMAIN_SEPARATOR(), structHash));
        if (owner.code.length == 0) {
            _verifyKey(signature, digest, owner);
        } else if (IERC1271(owner).isValidSignature(digest, signature) != IERC1271.isValidSignature.selector) {
            revert InvalidContractSignature();
        }
        IERC20(permit.permitted.token).safeTransferFrom(owner, details.to, details.requestedAmount);
    }

    /// 65 bytes, or the 64 of ERC-2098. Unlike an asset with EIP-3009 it takes a high s.
    function _verifyKey(bytes calldata signature, bytes32 digest, address owner) private pure {
        bytes32 s;
        uint8 v;
        if (signature.length == 65) {
            s = bytes32(signature[32:64]);
            v = uint8(signature[64]);
        } else if (signature.length == 64) {
            bytes32 packed = bytes32(signature[32:64]);
            s = packed & LOW_BITS;
            v = uint8(uint256(packed) >> 255) + 27;
        } else {
            revert InvalidSignatureLength();
        }
        address signer = ecrecover(digest, v, bytes32(signature[:32]), s);
        if (signer == address(0)) revert InvalidSignature();
        if (signer != owner) revert InvalidSigner();
    }
}

abstract contract Proxy is ReentrancyGuardTransient {
    error InvalidDestination();
    error InvalidOwner();
    error PaymentTooEarly();

    event Settled();

    DevPermit2 public constant PERMIT2 = DevPermit2(0x000000000022D473030F116dDEE9F6B43aC78BA3);

    function _settle(
        PermitTransferFrom calldata permit,
        uint256 amount,
        address owner,
        address to,
        uint256 validAfter,
        bytes32 witness,
        string memory witnessType,
        bytes calldata signature
    ) internal {
        if (owner == address(0)) revert InvalidOwner();
        if (to == address(0)) revert InvalidDestination();
        if (block.timestamp < validAfter) revert PaymentTooEarly();
        SignatureTransferDetails memory details = SignatureTransferDetails(to, amount);
        PERMIT2.permitWitnessTransferFrom(permit, details, owner, witness, witnessType, signature);
        emit Settled();
    }
}

contract DevExactProxy is Proxy {
    struct Witness {
        address to;
        uint256 validAfter;
    }

    error InvalidAmount();

    string public constant WITNESS_TYPE_STRING =
        "Witness witness)TokenPermissions(address token,uint256 amount)Witness(address to,uint256 validAfter)";
    bytes32 public constant WITNESS_TYPEHASH = keccak256("Witness(address to,uint256 validAfter)");

    function settle(
        PermitTransferFrom calldata permit,
        address owner,
        Witness calldata witness,
        bytes calldata signature
    ) external nonReentrant {
        if (permit.permitted.amount == 0) revert InvalidAmount();
        bytes32 hash = keccak256(abi.encode(WITNESS_TYPEHASH, witness.to, witness.validAfter));
        uint256 amount = permit.permitted.amount;
        _settle(permit, amount, owner, witness.to, witness.validAfter, hash, WITNESS_TYPE_STRING, signature);
    }
}

contract DevUptoProxy is Proxy {
    struct Witness {
        address to;
        address facilitator;
        uint256 validAfter;
    }

    error AmountExceedsPermitted();
    error UnauthorizedFacilitator();

    string public constant WITNESS_TYPE_STRING =
        "Witness witness)TokenPermissions(address token,uint256 amount)Witness(address to,address facilitator,uint256 validAfter)";
    bytes32 public constant WITNESS_TYPEHASH = keccak256("Witness(address to,address facilitator,uint256 validAfter)");

    function settle(
        PermitTransferFrom calldata permit,
        uint256 amount,
        address owner,
        Witness calldata witness,
        bytes calldata signature
    ) external nonReentrant {
        if (amount > permit.permitted.amount) revert AmountExceedsPermitted();
        if (msg.sender != witness.facilitator) revert UnauthorizedFacilitator();
        bytes32 hash = keccak256(abi.encode(WITNESS_TYPEHASH, witness.to, witness.facilitator, witness.validAfter));
        _settle(permit, amount, owner, witness.to, witness.validAfter, hash, WITNESS_TYPE_STRING, signature);
    }
}
