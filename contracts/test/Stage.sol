// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {RoyaltyPayout} from "../src/RoyaltyPayout.sol";
import {HostileToken, PlainToken} from "./Tokens.sol";

/// @dev The part of forge's cheat codes that the tests use.
interface Vm {
    function prank(address sender) external;
    function startPrank(address sender) external;
    function stopPrank() external;
    function warp(uint256 at) external;
    function chainId(uint256 id) external;
    function assume(bool condition) external pure;
    function expectRevert(bytes4 selector) external;
    function expectRevert(bytes calldata error) external;
}

/// @dev A contract with two payees.
abstract contract Stage {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    address internal constant PUBLISHER = address(0xA11);
    address internal constant GUARDIAN = address(0x6a4d);
    address internal constant ALICE = address(0xA11CE);
    address internal constant BOB = address(0xB0B);
    uint256 internal constant DELAY = 2 days;

    PlainToken internal plain;
    RoyaltyPayout internal payout;
    uint64 internal epoch;
    uint96 internal total;
    uint256 internal published;

    function raise() internal {
        vm.warp(1_700_000_000);
        plain = new PlainToken();
        payout = new RoyaltyPayout(IERC20(address(plain)), PUBLISHER, GUARDIAN, DELAY);
    }

    /// Funds and publishes what two payees were ever due.
    function publish(uint256 a, uint256 b) internal {
        uint256 sum = a + b;
        plain.mint(address(payout), sum - total);
        publishRoot(rootOf(a, b), uint96(sum));
    }

    /// Publishes and waits until it is in effect.
    function give(uint256 a, uint256 b) internal {
        publish(a, b);
        vm.warp(block.timestamp + DELAY);
    }

    function give(HostileToken hostile, uint256 a, uint256 b) internal {
        (,,, uint256 before,,,,,) = payout.state();
        hostile.mint(address(payout), a + b - before);
        (epoch,,,,,,,,) = payout.state();
        publishRoot(rootOf(a, b), uint96(a + b));
        vm.warp(block.timestamp + DELAY);
        payout.settle();
    }

    function publishRoot(bytes32 root, uint96 sum) internal {
        epoch += 1;
        total = sum;
        published = block.timestamp;
        vm.prank(PUBLISHER);
        payout.publish(epoch, root, sum, epoch, epoch + 1, keccak256("a log"));
    }

    function claimAs(address sender, address account, uint256 sum, bytes32[] memory proof) internal {
        vm.prank(sender);
        payout.claim(account, sum, proof);
    }

    function tryClaim(address account, uint256 sum, bytes32[] memory proof) internal {
        try payout.claim(account, sum, proof) {} catch {}
    }

    function rootOf(uint256 a, uint256 b) internal view returns (bytes32) {
        return pair(payout.leafOf(ALICE, a), payout.leafOf(BOB, b));
    }

    function proofOfFirst(uint256 b) internal view returns (bytes32[] memory) {
        return single(payout.leafOf(BOB, b));
    }

    function proofOfSecond(uint256 a) internal view returns (bytes32[] memory) {
        return single(payout.leafOf(ALICE, a));
    }

    function single(bytes32 node) internal pure returns (bytes32[] memory proof) {
        proof = new bytes32[](1);
        proof[0] = node;
    }

    function pair(bytes32 a, bytes32 b) internal pure returns (bytes32) {
        return a < b ? keccak256(bytes.concat(a, b)) : keccak256(bytes.concat(b, a));
    }

    function assertTrue(bool it, string memory words) internal pure {
        require(it, words);
    }

    function assertEq(uint256 a, uint256 b) internal pure {
        require(a == b, "not equal");
    }

    function assertLe(uint256 a, uint256 b) internal pure {
        require(a <= b, "too large");
    }
}
