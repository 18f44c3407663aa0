// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev An ordinary token of six decimals, which anybody may make; for tests.
contract PlainToken is ERC20("Made-up Won", "MUW") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }
}

/// @dev A token that calls back while it is sent, and one that lets balances vanish; for tests.
contract HostileToken is ERC20("Hostile", "HOS") {
    address public target;
    bytes public call;
    bool public again;
    bool public succeeded;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function burn(address from, uint256 amount) external {
        _burn(from, amount);
    }

    function callBack(address target_, bytes calldata call_) external {
        (target, call, again) = (target_, call_, true);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (again && from == target) {
            again = false;
            (succeeded,) = target.call(call);
        }
        super._update(from, to, amount);
    }
}
