// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// A wallet of two owners who both have to sign. The owners are part of its code, so it judges the same way where a
/// key's account is delegated to it (EIP-7702).
contract DevWallet is IERC1271 {
    address private immutable first;
    address private immutable second;

    constructor(address first_, address second_) {
        first = first_;
        second = second_;
    }

    /// `signature` is that of the first owner, then that of the second.
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        if (signature.length != 130) return 0xffffffff;
        (address one, , ) = ECDSA.tryRecoverCalldata(hash, signature[:65]);
        (address two, , ) = ECDSA.tryRecoverCalldata(hash, signature[65:]);
        return one == first && two == second ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}

/// Deploys wallets at addresses that are known before.
contract DevWalletFactory {
    function create(address first, address second, bytes32 salt) external returns (address) {
        return address(new DevWallet{salt: salt}(first, second));
    }
}
