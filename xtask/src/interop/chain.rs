//! The payout contract beside its compiler, forge, OpenZeppelin's tree and a real node.

mod book;
pub(crate) mod call;
pub(crate) mod node;
mod story;
mod trees;
pub(crate) mod workshop;

use anyhow::{Result, ensure};

use self::workshop::{Missing, Workshop};
use crate::shop::{Profile, Shop};
use crate::test::Outcome;

/// Compiles, proves and plays everything about the contract.
pub(crate) fn part(shop: &Shop) -> Result<Outcome> {
    let workshop = match Workshop::open(shop)? {
        Ok(workshop) => workshop,
        Err(Missing(why)) => return Ok(Outcome::Skipped(why)),
    };
    artifact(shop, &workshop)?;
    println!("ok   the committed code is what the compiler makes of the source");
    let told = workshop.forge()?;
    println!("ok   {told}");
    println!("ok   {}", trees::compare(shop, &workshop)?);
    let binary = shop.leitmotif(Profile::Debug)?;
    story::play(shop, &workshop, &binary)?;
    Ok(Outcome::Passed)
}

fn artifact(shop: &Shop, workshop: &Workshop) -> Result<()> {
    let made = workshop.compile("src/RoyaltyPayout.sol")?;
    let path = shop.root().join("contracts/artifact/RoyaltyPayout.json");
    let kept = std::fs::read_to_string(&path)?;
    if std::env::var_os("LEITMOTIF_REBUILD").is_some() && made != kept {
        std::fs::write(&path, &made)?;
        println!("wrote contracts/artifact/RoyaltyPayout.json");
        return Ok(());
    }
    ensure!(
        made == kept,
        "contracts/artifact is not what the compiler makes of contracts/src; LEITMOTIF_REBUILD=1 cargo \
         xtask interop chain writes it"
    );
    Ok(())
}
