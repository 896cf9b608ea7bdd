/** The pages of the demo site: small, but with something to type, to click and to wait for. */

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 40rem; color: #1b2733 }
  form { display: flex; gap: .5rem; margin: 1rem 0 }
  input, button { font: inherit; padding: .4rem .7rem }
  table { border-collapse: collapse; width: 100% }
  td, th { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #d5dde5 }
  #total { font-size: 1.6rem; font-weight: 600 }
`;

/** The answer comes a moment after the click, as it does where a server has to think. */
const SHOP_SCRIPT = `
  const prices = [1250, 890, 2300, 475];
  document.querySelector('form').addEventListener('submit', (event) => {
    event.preventDefault();
    const customer = document.querySelector('#customer').value.trim();
    document.querySelector('#report').textContent = 'Adding up ...';
    setTimeout(() => {
      const orders = prices.map((cents, index) => ({ id: 1000 + index, cents: cents + customer.length * 10 }));
      const rows = orders.map(({ id, cents }) => '<tr><td>' + id + '</td><td>' + (cents / 100).toFixed(2) + '</td></tr>');
      const total = orders.reduce((sum, { cents }) => sum + cents, 0);
      const report = document.querySelector('#report');
      report.innerHTML = '<h2></h2><table><tr><th>Order</th><th>Amount</th></tr>' + rows.join('') +
        '</table><p>Total: <span id="total">' + (total / 100).toFixed(2) + '</span></p>';
      report.querySelector('h2').textContent = 'Orders of ' + customer;
    }, 400);
  });
`;

export const shopPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>The bell foundry: orders</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
<h1>The bell foundry</h1>
<p>A page for the demo tasks of Carillon. Nothing here is real.</p>
<form>
  <input id="customer" name="customer" aria-label="Customer" placeholder="Customer">
  <button id="show" type="submit">Show orders</button>
</form>
<div id="report" aria-live="polite"></div>
<script>${SHOP_SCRIPT}</script>
</html>
`;
