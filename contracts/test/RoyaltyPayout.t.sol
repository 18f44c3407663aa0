// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {RoyaltyPayout} from "../src/RoyaltyPayout.sol";
import {Stage} from "./Stage.sol";
import {HostileToken, PlainToken} from "./Tokens.sol";

/// @dev What must hold of one call, or of any figures.
contract RoyaltyPayoutTest is Stage {
    function setUp() public {
        raise();
    }

    function test_settings_are_checked() public {
        IERC20 token = IERC20(address(plain));
        bytes4 bad = RoyaltyPayout.BadSetting.selector;
        vm.expectRevert(bad);
        new RoyaltyPayout(IERC20(address(0x1234)), PUBLISHER, GUARDIAN, 1 days);
        vm.expectRevert(bad);
        new RoyaltyPayout(token, address(0), GUARDIAN, 1 days);
        vm.expectRevert(bad);
        new RoyaltyPayout(token, PUBLISHER, address(0), 1 days);
        vm.expectRevert(bad);
        new RoyaltyPayout(token, PUBLISHER, PUBLISHER, 1 days);
        vm.expectRevert(bad);
        new RoyaltyPayout(token, PUBLISHER, GUARDIAN, 1 days - 1);
        vm.expectRevert(bad);
        new RoyaltyPayout(token, PUBLISHER, GUARDIAN, 30 days + 1);
    }

    function testFuzz_only_the_publisher_publishes(address who) public {
        vm.assume(who != PUBLISHER);
        vm.expectRevert(RoyaltyPayout.NotPublisher.selector);
        vm.prank(who);
        payout.publish(1, bytes32(uint256(1)), 0, 0, 1, bytes32(uint256(1)));
    }

    function testFuzz_epochs_come_one_by_one(uint64 epoch) public {
        vm.assume(epoch != 1);
        vm.expectRevert(abi.encodeWithSelector(RoyaltyPayout.BadEpoch.selector, uint64(1)));
        vm.prank(PUBLISHER);
        payout.publish(epoch, bytes32(uint256(1)), 0, 0, 1, bytes32(uint256(1)));
    }

    function test_roots_and_anchors_are_there() public {
        vm.startPrank(PUBLISHER);
        vm.expectRevert(RoyaltyPayout.EmptyRoot.selector);
        payout.publish(1, 0, 0, 0, 1, bytes32(uint256(1)));
        vm.expectRevert(RoyaltyPayout.BadAnchor.selector);
        payout.publish(1, bytes32(uint256(1)), 0, 7, 7, bytes32(uint256(1)));
        vm.expectRevert(RoyaltyPayout.BadAnchor.selector);
        payout.publish(1, bytes32(uint256(1)), 0, 6, 7, 0);
        vm.stopPrank();
    }

    function testFuzz_what_is_not_funded_is_not_published(uint96 total, uint96 funded) public {
        vm.assume(funded < total);
        plain.mint(address(payout), funded);
        vm.expectRevert(abi.encodeWithSelector(RoyaltyPayout.Unfunded.selector, total, funded));
        vm.prank(PUBLISHER);
        payout.publish(1, bytes32(uint256(1)), total, 0, 1, bytes32(uint256(1)));
    }

    function testFuzz_arrears_come_in_one_claim(uint64 a, uint64 b, uint64 more) public {
        vm.assume(a > 0 && b > 0 && more > 0);
        give(a, b);
        uint256 later = uint256(a) + more;
        give(later, b);
        claimAs(address(this), ALICE, later, proofOfFirst(b));
        assertEq(plain.balanceOf(ALICE), later);
        claimAs(ALICE, BOB, b, proofOfSecond(later));
        assertEq(plain.balanceOf(BOB), b);
        assertEq(plain.balanceOf(address(payout)), 0);
    }

    function testFuzz_nothing_is_paid_twice(uint64 a, uint64 b) public {
        vm.assume(a > 0);
        give(a, b);
        claimAs(ALICE, ALICE, a, proofOfFirst(b));
        bytes32[] memory proof = proofOfFirst(b);
        vm.expectRevert(abi.encodeWithSelector(RoyaltyPayout.NothingDue.selector, uint256(a)));
        payout.claim(ALICE, a, proof);
    }

    function testFuzz_another_sum_account_or_proof_is_refused(
        uint64 a,
        uint64 b,
        uint256 sum,
        address who,
        bytes32 node
    ) public {
        vm.assume(sum != a && who != ALICE && who != BOB);
        give(a, b);
        bytes32[] memory proof = proofOfFirst(b);
        bytes4 bad = RoyaltyPayout.BadProof.selector;
        vm.expectRevert(bad);
        payout.claim(ALICE, sum, proof);
        vm.expectRevert(bad);
        payout.claim(who, a, proof);
        vm.assume(node != proof[0]);
        proof[0] = node;
        vm.expectRevert(bad);
        payout.claim(ALICE, a, proof);
        vm.expectRevert(bad);
        payout.claim(ALICE, a, new bytes32[](0));
    }

    function testFuzz_a_root_waits_its_time(uint64 a, uint64 b, uint32 seconds_) public {
        vm.assume(a > 0 && seconds_ < DELAY);
        publish(a, b);
        bytes32[] memory proof = proofOfFirst(b);
        vm.warp(block.timestamp + seconds_);
        vm.expectRevert(RoyaltyPayout.BadProof.selector);
        payout.claim(ALICE, a, proof);
        vm.expectRevert(RoyaltyPayout.NothingWaits.selector);
        payout.settle();
        plain.mint(address(payout), 1);
        uint256 at = published + DELAY;
        vm.expectRevert(abi.encodeWithSelector(RoyaltyPayout.Waiting.selector, uint64(1), at));
        vm.prank(PUBLISHER);
        payout.publish(2, bytes32(uint256(1)), total, 0, 1, bytes32(uint256(1)));
        vm.warp(at);
        claimAs(BOB, ALICE, a, proof);
    }

    function testFuzz_the_total_never_falls(uint64 a, uint64 b, uint96 less) public {
        give(a, b);
        vm.assume(less < total);
        vm.expectRevert(abi.encodeWithSelector(RoyaltyPayout.TotalFell.selector, uint256(total)));
        vm.prank(PUBLISHER);
        payout.publish(2, bytes32(uint256(1)), less, 0, 1, bytes32(uint256(1)));
    }

    function testFuzz_what_is_vetoed_never_pays(uint64 a, uint64 b, uint64 more) public {
        vm.assume(a > 0 && more > 0);
        give(a, b);
        uint256 later = uint256(a) + more;
        publish(later, b);
        vm.prank(GUARDIAN);
        payout.veto(2);
        vm.warp(block.timestamp + 2 * DELAY);
        bytes32[] memory proof = proofOfFirst(b);
        vm.expectRevert(RoyaltyPayout.BadProof.selector);
        payout.claim(ALICE, later, proof);
        claimAs(ALICE, ALICE, a, proof);
        // The epoch is used up, and what was vetoed does not bind the next total.
        total = uint96(uint256(a) + b);
        epoch = 2;
        give(a, uint256(b) + 1);
        claimAs(ALICE, BOB, uint256(b) + 1, proofOfSecond(a));
    }

    function testFuzz_only_publisher_and_guardian_veto(address who) public {
        publish(1, 2);
        vm.assume(who != PUBLISHER && who != GUARDIAN);
        vm.expectRevert(RoyaltyPayout.NotGuardian.selector);
        vm.prank(who);
        payout.veto(1);
    }

    function test_a_veto_hits_the_root_it_names_and_in_time() public {
        vm.startPrank(GUARDIAN);
        vm.expectRevert(RoyaltyPayout.NothingWaits.selector);
        payout.veto(0);
        vm.stopPrank();
        publish(1, 2);
        vm.startPrank(GUARDIAN);
        vm.expectRevert(abi.encodeWithSelector(RoyaltyPayout.BadEpoch.selector, uint64(1)));
        payout.veto(2);
        vm.warp(block.timestamp + DELAY);
        vm.expectRevert(RoyaltyPayout.NothingWaits.selector);
        payout.veto(1);
        vm.stopPrank();
        claimAs(ALICE, ALICE, 1, proofOfFirst(2));
    }

    function test_a_publisher_withdraws_its_own_root() public {
        publish(1, 2);
        vm.prank(PUBLISHER);
        payout.veto(1);
        vm.warp(block.timestamp + DELAY);
        vm.expectRevert(RoyaltyPayout.NothingWaits.selector);
        payout.settle();
    }

    /// A tree that gives out more than its total: the total is the most that is paid.
    function testFuzz_claims_are_at_most_the_total(uint64 a, uint64 b, uint64 less) public {
        uint256 sum = uint256(a) + b;
        vm.assume(a > 0 && b > 0 && less > 0 && less <= sum);
        plain.mint(address(payout), sum);
        publishRoot(rootOf(a, b), uint96(sum - less));
        vm.warp(block.timestamp + DELAY);
        tryClaim(ALICE, a, proofOfFirst(b));
        tryClaim(BOB, b, proofOfSecond(a));
        assertLe(plain.balanceOf(ALICE) + plain.balanceOf(BOB), sum - less);
    }

    /// Of two leaves of one account only the larger is ever paid.
    function testFuzz_a_second_leaf_gives_nothing_more(uint64 small, uint64 more) public {
        vm.assume(small > 0 && more > 0);
        uint256 large = uint256(small) + more;
        plain.mint(address(payout), large + small);
        bytes32 one = payout.leafOf(ALICE, small);
        bytes32 two = payout.leafOf(ALICE, large);
        publishRoot(pair(one, two), uint96(large + small));
        vm.warp(block.timestamp + DELAY);
        claimAs(ALICE, ALICE, small, single(two));
        claimAs(ALICE, ALICE, large, single(one));
        bytes32[] memory proof = single(two);
        vm.expectRevert(abi.encodeWithSelector(RoyaltyPayout.NothingDue.selector, large));
        payout.claim(ALICE, small, proof);
        assertEq(plain.balanceOf(ALICE), large);
    }

    function test_the_contract_pays_nothing_to_itself() public {
        plain.mint(address(payout), 10);
        publishRoot(payout.leafOf(address(payout), 10), 10);
        vm.warp(block.timestamp + DELAY);
        vm.expectRevert(RoyaltyPayout.BadProof.selector);
        payout.claim(address(payout), 10, new bytes32[](0));
    }

    function test_a_leaf_of_another_chain_or_contract_is_refused() public {
        plain.mint(address(payout), 10);
        RoyaltyPayout other = new RoyaltyPayout(IERC20(address(plain)), PUBLISHER, GUARDIAN, DELAY);
        publishRoot(other.leafOf(ALICE, 10), 10);
        vm.warp(block.timestamp + DELAY);
        vm.expectRevert(RoyaltyPayout.BadProof.selector);
        payout.claim(ALICE, 10, new bytes32[](0));
        uint256 here = block.chainid;
        bytes32 leaf = payout.leafOf(ALICE, 10);
        vm.chainId(here + 1);
        assertTrue(leaf != payout.leafOf(ALICE, 10), "the leaf names the chain");
    }

    function test_a_token_that_calls_back_gets_nothing_more() public {
        HostileToken hostile = new HostileToken();
        payout = new RoyaltyPayout(IERC20(address(hostile)), PUBLISHER, GUARDIAN, DELAY);
        hostile.mint(address(payout), 30);
        publishRoot(rootOf(10, 20), 30);
        vm.warp(block.timestamp + DELAY);
        bytes32[] memory proof = proofOfFirst(20);
        hostile.callBack(address(payout), abi.encodeCall(payout.claim, (ALICE, 10, proof)));
        payout.claim(ALICE, 10, proof);
        assertTrue(!hostile.succeeded(), "the second claim of the same sum fails");
        assertEq(hostile.balanceOf(ALICE), 10);
        // Another account's claim from within is as good as one from outside: each gets its own.
        give(hostile, 15, 25);
        hostile.callBack(
            address(payout), abi.encodeCall(payout.claim, (BOB, 25, proofOfSecond(15)))
        );
        payout.claim(ALICE, 15, proofOfFirst(25));
        assertTrue(hostile.succeeded(), "the other account is paid");
        assertEq(hostile.balanceOf(ALICE), 15);
        assertEq(hostile.balanceOf(BOB), 25);
        assertEq(hostile.balanceOf(address(payout)), 0);
    }

    function test_a_root_that_lost_its_money_does_not_take_effect() public {
        HostileToken hostile = new HostileToken();
        payout = new RoyaltyPayout(IERC20(address(hostile)), PUBLISHER, GUARDIAN, DELAY);
        give(hostile, 10, 20);
        hostile.mint(address(payout), 5);
        epoch = 1;
        publishRoot(rootOf(15, 20), 35);
        vm.warp(block.timestamp + DELAY);
        hostile.burn(address(payout), 1);
        bytes32[] memory newer = proofOfFirst(20);
        vm.expectRevert(RoyaltyPayout.BadProof.selector);
        payout.claim(ALICE, 15, newer);
        vm.expectRevert(
            abi.encodeWithSelector(RoyaltyPayout.Unfunded.selector, uint256(35), uint256(34))
        );
        payout.settle();
        vm.expectRevert(
            abi.encodeWithSelector(RoyaltyPayout.Unfunded.selector, uint256(35), uint256(34))
        );
        vm.prank(PUBLISHER);
        payout.publish(3, bytes32(uint256(1)), 35, 0, 1, bytes32(uint256(1)));
        // What the root in effect says is still paid; and with the money, the newer one is.
        payout.claim(BOB, 20, proofOfSecond(10));
        hostile.mint(address(payout), 1);
        payout.claim(ALICE, 15, newer);
        assertEq(hostile.balanceOf(ALICE), 15);
    }
}
