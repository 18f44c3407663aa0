// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RoyaltyPayout} from "../src/RoyaltyPayout.sol";
import {Stage} from "./Stage.sol";

/// @dev Acts in any order, and what was promised by it.
contract Acts is Stage {
    /// What each payee is due by the root in effect, by the one that waits, and got.
    uint256[2] public live;
    uint256[2] public waiting;
    uint256 public liveTotal;
    uint256 public waitingTotal;
    uint256 public ripeAt;
    uint256 public claims;

    constructor() {
        raise();
    }

    function contracts() external view returns (RoyaltyPayout, address) {
        return (payout, address(plain));
    }

    function tokens(address of_) external view returns (uint256) {
        return plain.balanceOf(of_);
    }

    function publishes(uint64 a, uint64 b, bool honest) external {
        ripen();
        if (ripeAt != 0) return;
        waiting = [live[0] + a, live[1] + b];
        uint256 sum = waiting[0] + waiting[1];
        // A publisher that states less than its tree gives out, but not less than before.
        if (!honest) sum = liveTotal + a / 2;
        plain.mint(address(payout), sum - liveTotal);
        waitingTotal = sum;
        (epoch,,,,,,,,) = payout.state();
        publishRoot(rootOf(waiting[0], waiting[1]), uint96(sum));
        ripeAt = block.timestamp + DELAY;
    }

    function vetoes(bool guardian) external {
        ripen();
        if (ripeAt == 0) return;
        vm.prank(guardian ? GUARDIAN : PUBLISHER);
        payout.veto(epoch);
        ripeAt = 0;
        // The money stays for the next root.
        plain.mint(address(payout), 0);
    }

    function waits(uint24 seconds_) external {
        vm.warp(block.timestamp + seconds_ % (2 * DELAY));
    }

    function settles() external {
        ripen();
        try payout.settle() {} catch {}
    }

    function claims_(bool first) external {
        ripen();
        (address who, uint256 sum) = first ? (ALICE, live[0]) : (BOB, live[1]);
        bytes32[] memory proof = first ? proofOfFirst(live[1]) : proofOfSecond(live[0]);
        try payout.claim(who, sum, proof) {
            claims += 1;
        } catch {}
    }

    /// A claim of what is not in effect must fail.
    function grabs(uint64 more, bool first) external {
        ripen();
        (address who, uint256 sum) = first ? (ALICE, live[0]) : (BOB, live[1]);
        bytes32[] memory proof = first ? proofOfFirst(live[1]) : proofOfSecond(live[0]);
        try payout.claim(who, sum + 1 + more, proof) {
            require(false, "a made-up sum was paid");
        } catch {}
    }

    function ripen() private {
        if (ripeAt != 0 && block.timestamp >= ripeAt) {
            (live, liveTotal, ripeAt) = (waiting, waitingTotal, 0);
        }
    }

    function now_() external returns (uint256, uint256, uint256) {
        ripen();
        return (live[0], live[1], liveTotal);
    }

    function payees() external pure returns (address, address) {
        return (ALICE, BOB);
    }
}

/// @dev What holds after any acts.
contract RoyaltyPayoutInvariants {
    Acts internal acts;
    RoyaltyPayout internal payout;
    uint256 internal before;

    function setUp() public {
        acts = new Acts();
        (payout,) = acts.contracts();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(acts);
    }

    function invariant_nobody_gets_more_than_its_sum() public {
        (uint256 a, uint256 b, uint256 total) = acts.now_();
        (address alice, address bob) = acts.payees();
        require(acts.tokens(alice) <= a && acts.tokens(bob) <= b, "more than its sum");
        require(acts.tokens(alice) == payout.claimed(alice), "paid is not what is noted");
        require(acts.tokens(alice) + acts.tokens(bob) <= total, "more than the total");
    }

    function invariant_what_is_promised_is_there() public view {
        (,,, uint256 total, uint256 paid,, uint256 waiting,, uint256 balance) = payout.state();
        (address alice, address bob) = acts.payees();
        require(balance + paid >= total && balance + paid >= waiting, "not funded");
        require(paid == payout.claimed(alice) + payout.claimed(bob), "paid is not the sum");
        require(paid <= total, "more paid than given out");
        require(waiting == 0 || waiting >= total, "the total falls");
    }

    function invariant_the_total_never_falls() public {
        (,,, uint256 total,,,,,) = payout.state();
        require(total >= before, "the total fell");
        before = total;
    }
}
