// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

/// @title Pays royalties by one root an epoch over what each account was ever due.
///
/// @notice The publisher sends a root of cumulative sums. It waits for `delay` seconds, in which the
/// guardian may veto it, and is then in effect: anybody may send an account what it is due and has not
/// got. Nobody has a way to take money out, to shorten the delay, to change who publishes or guards,
/// or to replace this code.
///
/// @dev A root that waited long enough takes effect with the next claim, the next publication, or
/// {settle}, whichever comes first; no transaction of its own is needed. Until then what the old
/// root says can be claimed. Tokens that take a fee on a transfer, or whose balances change by
/// themselves, are not for this: what is short then is not paid, and no new root is taken.
contract RoyaltyPayout {
    using SafeERC20 for IERC20;

    /// @dev One slot: all that every claim reads and writes.
    struct Book {
        /// What was paid, of all epochs.
        uint96 paid;
        /// What the root in effect gives out, of all epochs.
        uint96 total;
        /// When the root that waits takes effect, in seconds since 1970; zero if none waits.
        uint40 ripeAt;
        /// The epoch whose root is in effect; 16 bits last for 179 years of an epoch a day.
        uint16 liveEpoch;
        /// Which of the two roots that is.
        uint8 live;
    }

    /// @dev One slot: what a publication writes.
    struct Newest {
        /// The newest epoch that was published, vetoed or not.
        uint16 epoch;
        /// What the newest root gives out.
        uint96 total;
    }

    /// The shortest delay that can be chosen.
    uint256 public constant DELAY_MIN = 1 days;
    /// The longest delay that can be chosen.
    uint256 public constant DELAY_MAX = 30 days;

    /// What is paid out.
    IERC20 public immutable token;
    /// Who publishes roots.
    address public immutable publisher;
    /// Who may veto them.
    address public immutable guardian;
    /// How long a root waits, in seconds.
    uint256 public immutable delay;

    Book private _book;
    Newest private _newest;
    bytes32[2] private _roots;

    /// What each account got, of all epochs.
    mapping(address account => uint256 cumulative) public claimed;

    /// A root waits; it binds the chain to the entry `sealIndex` of a log of `treeSize` entries.
    event Published(
        uint64 indexed epoch,
        bytes32 indexed root,
        uint256 total,
        uint64 sealIndex,
        uint64 treeSize,
        bytes32 logRoot,
        uint256 effectiveAt
    );
    /// A root that waited is in effect.
    event Effective(uint64 indexed epoch, bytes32 indexed root);
    /// A root that waited will never be in effect.
    event Vetoed(uint64 indexed epoch, bytes32 indexed root, address by);
    /// An account got what it was due.
    event Claimed(address indexed account, uint256 amount, uint256 cumulative);

    error NotPublisher();
    error NotGuardian();
    error BadSetting();
    error BadEpoch(uint64 expected);
    error BadAnchor();
    error EmptyRoot();
    error Waiting(uint64 epoch, uint256 effectiveAt);
    error NothingWaits();
    error TotalFell(uint256 before);
    error Unfunded(uint256 needed, uint256 present);
    error BadProof();
    error NothingDue(uint256 claimed);
    error OverTotal(uint256 total);

    constructor(IERC20 token_, address publisher_, address guardian_, uint256 delay_) {
        if (
            address(token_).code.length == 0 || publisher_ == address(0) || guardian_ == address(0)
                || publisher_ == guardian_ || delay_ < DELAY_MIN || delay_ > DELAY_MAX
        ) revert BadSetting();
        token = token_;
        publisher = publisher_;
        guardian = guardian_;
        delay = delay_;
    }

    /// @notice Publishes the root of an epoch; it takes effect after the delay, if it is not vetoed.
    /// @param epoch The newest epoch, plus one. A vetoed epoch is not used again.
    /// @param root The root of the claim tree.
    /// @param total The sum of all its leaves: not less than before, and here already or paid.
    /// @param sealIndex The log's entry that the sums follow from.
    /// @param treeSize The size of the log that has it.
    /// @param logRoot The root of that log.
    function publish(
        uint64 epoch,
        bytes32 root,
        uint96 total,
        uint64 sealIndex,
        uint64 treeSize,
        bytes32 logRoot
    ) external {
        if (msg.sender != publisher) revert NotPublisher();
        if (root == 0) revert EmptyRoot();
        if (sealIndex >= treeSize || logRoot == 0) revert BadAnchor();
        Book memory book = _book;
        Newest memory newest = _newest;
        if (epoch != newest.epoch + 1) revert BadEpoch(newest.epoch + 1);
        uint256 present = token.balanceOf(address(this)) + book.paid;
        if (book.ripeAt != 0) {
            if (block.timestamp < book.ripeAt) revert Waiting(newest.epoch, book.ripeAt);
            // That it is funded follows from the two checks below.
            _takeEffect(book, newest);
        }
        if (total < book.total) revert TotalFell(book.total);
        if (present < total) revert Unfunded(total, present);

        uint256 effectiveAt = block.timestamp + delay;
        // 40 bits of seconds last for 34,000 years, and there are two roots.
        book.ripeAt = uint40(effectiveAt);
        _book = book;
        // It is the newest one's successor, so it fits.
        _newest = Newest({epoch: uint16(epoch), total: total});
        _roots[1 - book.live] = root;
        emit Published(epoch, root, total, sealIndex, treeSize, logRoot, effectiveAt);
    }

    /// @notice Vetoes the root that waits, before it takes effect.
    /// @dev The publisher may withdraw its own root in the same way.
    /// @param epoch Its epoch, so that no later root is hit.
    function veto(uint64 epoch) external {
        if (msg.sender != guardian && msg.sender != publisher) revert NotGuardian();
        Book memory book = _book;
        uint64 newest = _newest.epoch;
        if (book.ripeAt == 0 || block.timestamp >= book.ripeAt) revert NothingWaits();
        if (epoch != newest) revert BadEpoch(newest);
        book.ripeAt = 0;
        _book = book;
        emit Vetoed(epoch, _roots[1 - book.live], msg.sender);
    }

    /// @notice Sends an account what it is due and has not got; anybody may ask for it.
    /// @param account Who gets it.
    /// @param cumulative What it was ever due, as the root in effect has it.
    /// @param proof The siblings from its leaf to the root.
    /// @return amount What was sent.
    function claim(address account, uint256 cumulative, bytes32[] calldata proof)
        external
        returns (uint256 amount)
    {
        Book memory book = _book;
        // The sum `balance + paid` would count what this contract pays to itself twice.
        if (account == address(this)) revert BadProof();
        if (_isRipe(book)) {
            Newest memory newest = _newest;
            if (token.balanceOf(address(this)) + book.paid >= newest.total) {
                _takeEffect(book, newest);
            }
        }
        if (!MerkleProof.verifyCalldata(proof, _roots[book.live], leafOf(account, cumulative))) {
            revert BadProof();
        }
        uint256 before = claimed[account];
        if (cumulative <= before) revert NothingDue(before);
        unchecked {
            amount = cumulative - before;
        }
        uint256 paid = book.paid + amount;
        if (paid > book.total) revert OverTotal(book.total);

        // All is written before the token is called.
        claimed[account] = cumulative;
        book.paid = uint96(paid);
        _book = book;
        emit Claimed(account, amount, cumulative);
        token.safeTransfer(account, amount);
    }

    /// @notice Lets a root that waited long enough take effect now; anybody may ask for it.
    function settle() external {
        Book memory book = _book;
        if (!_isRipe(book)) revert NothingWaits();
        Newest memory newest = _newest;
        uint256 present = token.balanceOf(address(this)) + book.paid;
        if (present < newest.total) revert Unfunded(newest.total, present);
        _takeEffect(book, newest);
        _book = book;
    }

    /// @notice Returns the leaf of an account, as OpenZeppelin's StandardMerkleTree makes it of
    /// (uint256 chain id, address contract, address account, uint256 cumulative).
    function leafOf(address account, uint256 cumulative) public view returns (bytes32) {
        bytes32 inner = keccak256(abi.encode(block.chainid, address(this), account, cumulative));
        return keccak256(bytes.concat(inner));
    }

    /// @notice Returns all that there is to know, as stored: a ripe root that nothing was claimed of
    /// still waits here, and takes effect with the next claim.
    function state()
        external
        view
        returns (
            uint64 epoch,
            uint64 liveEpoch,
            bytes32 liveRoot,
            uint256 liveTotal,
            uint256 paid,
            bytes32 waitingRoot,
            uint256 waitingTotal,
            uint256 effectiveAt,
            uint256 balance
        )
    {
        Book memory book = _book;
        Newest memory newest = _newest;
        (epoch, liveEpoch) = (newest.epoch, book.liveEpoch);
        (liveRoot, liveTotal, paid) = (_roots[book.live], book.total, book.paid);
        if (book.ripeAt != 0) {
            (waitingRoot, waitingTotal) = (_roots[1 - book.live], newest.total);
            effectiveAt = book.ripeAt;
        }
        balance = token.balanceOf(address(this));
    }

    function _isRipe(Book memory book) private view returns (bool) {
        return book.ripeAt != 0 && block.timestamp >= book.ripeAt;
    }

    /// @dev Changes memory alone; whoever calls it writes both back.
    function _takeEffect(Book memory book, Newest memory newest) private {
        book.live = 1 - book.live;
        book.total = newest.total;
        book.ripeAt = 0;
        book.liveEpoch = newest.epoch;
        emit Effective(newest.epoch, _roots[book.live]);
    }
}
