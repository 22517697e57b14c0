"""What people do at work: companies, projects, devices, studies, meetings, contracts."""

from __future__ import annotations

from minilora.data.detective.material.subjects import subject

WORKED = (
    subject(
        "company",
        "{place} Foods;{family} Instruments;{place} Logistics;{family} & Sons",
        """
revenue = money 2 960 million
{n} reported revenue of {v}.
Revenue at {n} came to {v}.
{n} had a turnover of {v}.
? What was the revenue of {n}?
? How much revenue did {n} report?
operating profit = money 1 88 million
{n} made an operating profit of {v}.
The operating profit of {n} was {v}.
Operating profit at {n} amounted to {v}.
? What was the operating profit of {n}?
? How much operating profit did {n} make?
employees = int 35 18000 people
{n} employs {v}.
The workforce of {n} numbers {v}.
{v} are on the payroll of {n}.
? How many people does {n} employ?
? How big is the workforce of {n}?
chief executive = person
{n} is led by {v}, its chief executive.
The chief executive of {n} is {v}.
{v} is chief executive of {n}.
? Who is the chief executive of {n}?
? Who leads {n}?
headquarters = place
{n} has its headquarters in {v}.
The headquarters of {n} are in {v}.
{n} is run from {v}.
? Where is {n} based?
? Where are the headquarters of {n}?
dividend = dec 0.2 6.9 euros per share
{n} will pay a dividend of {v}.
The dividend proposed by {n} is {v}.
Shareholders of {n} receive {v}.
? What dividend does {n} pay?
? How much do shareholders of {n} receive?
founder = person
{n} was founded by {v}.
The founder of {n} was {v}.
{v} started {n}.
? Who founded {n}?
? Who started {n}?
export share = percent 12 91
{n} earns {v} of its sales abroad.
Exports make up {v} of sales at {n}.
The export share of {n} is {v}.
? What share of sales does {n} earn abroad?
? What is the export share of {n}?
auditor = organisation
The accounts of {n} were audited by {v}.
{v} audited the accounts of {n}.
The auditor of {n} is {v}.
? Who audited the accounts of {n}?
? Who is the auditor of {n}?
""",
    ),
    subject(
        "project",
        "Project {place};the {river} Programme;the {place} Renewal;Project {family}",
        """
budget = money 1 75 million
{n} has a budget of {v}.
The approved budget of {n} is {v}.
{v} have been set aside for {n}.
? What is the budget of {n}?
? How much money was approved for {n}?
lead = person
{n} is led by {v}.
The project lead of {n} is {v}.
{v} is in charge of {n}.
? Who leads {n}?
? Who is in charge of {n}?
deadline = date 2023 2027
{n} must be finished by {v}.
The deadline of {n} is {v}.
Completion of {n} is due on {v}.
? When must {n} be finished?
? What is the deadline of {n}?
progress = percent 8 97
{n} is {v} complete.
So far {v} of {n} has been done.
Progress on {n} stands at {v}.
? How far along is {n}?
? How much of {n} is complete?
contractor = organisation
The main contractor of {n} is {v}.
{v} was awarded the contract for {n}.
The work on {n} is done by {v}.
? Who is the contractor for {n}?
? Which firm does the work on {n}?
main risk = pick late permits;a shortage of steel;bad weather;staff turnover;flooding
The main risk to {n} is {v}.
{n} is threatened above all by {v}.
What worries the managers of {n} most is {v}.
? What is the main risk to {n}?
? What threatens {n} the most?
team = int 4 210 people
{n} has a team of {v}.
{v} work on {n}.
The team behind {n} numbers {v}.
? How many people work on {n}?
? How big is the team of {n}?
start = date 2016 2022
Work on {n} began on {v}.
{n} started on {v}.
{n} has been under way since {v}.
? When did {n} start?
? When did work on {n} begin?
""",
    ),
    subject(
        "device",
        "the {family} {letter}{number};the {place} {number};Model {letter}{letter}-{number}",
        """
weight = dec 0.4 38 kg
{n} weighs {v}.
The weight of {n} is {v}.
Without packaging {n} comes to {v}.
? How much does {n} weigh?
? What is the weight of {n}?
power = int 15 3600 watts
{n} draws {v}.
The power consumption of {n} is {v}.
In use {n} needs {v}.
? How much power does {n} draw?
? What is the power consumption of {n}?
warranty = int 6 72 months
{n} comes with a warranty of {v}.
The warranty on {n} lasts {v}.
{n} is under warranty for {v}.
? How long is the warranty on {n}?
? How many months of warranty does {n} have?
operating temperature = int 28 85 degrees Celsius
{n} must not be used above {v}.
The highest operating temperature of {n} is {v}.
Above {v} {n} must be switched off.
? What is the highest operating temperature of {n}?
? Up to what temperature may {n} be used?
filter interval = int 20 900 hours
The filter of {n} must be changed every {v}.
{n} needs a new filter every {v}.
Change the filter of {n} after {v}.
? How often must the filter of {n} be changed?
? After how many hours does {n} need a new filter?
reset = pick hold the green button;pull the plug;press Menu and Start;turn the dial to zero
To reset {n}, {v}.
If {n} does not respond, {v}.
? How do I reset {n}?
? What should I do if {n} does not respond?
error E4 = pick the door is open;the tank is empty;the fan is blocked;the sensor is dirty
On {n}, error E4 means that {v}.
When {n} shows E4, {v}.
? What does error E4 mean on {n}?
? Why does {n} show E4?
part number = code @@-####
The part number of {n} is {v}.
{n} is listed under part number {v}.
? What is the part number of {n}?
? Under which part number is {n} listed?
noise level = int 31 78 decibels
{n} has a noise level of {v}.
The noise level of {n} is {v}.
{n} runs at {v}.
? How loud is {n}?
? What is the noise level of {n}?
""",
    ),
    subject(
        "study",
        "the {place} Study;the {family} Trial;the {place} Survey;the {river} Cohort",
        """
participants = int 24 41000 participants
{n} had {v}.
{v} took part in {n}.
{n} enrolled {v}.
? How many participants did {n} have?
? How many people took part in {n}?
lead author = person
{n} was led by {v}.
The lead author of {n} is {v}.
{v} led {n}.
? Who led {n}?
? Who is the lead author of {n}?
duration = int 3 96 months
{n} lasted {v}.
{n} ran for {v}.
The duration of {n} was {v}.
? How long did {n} last?
? For how long did {n} run?
main result = pick fewer falls;better sleep;lower blood pressure;less pain;higher yields
The main result of {n} was {v}.
{n} found {v}.
{v} was the chief finding of {n}.
? What was the main result of {n}?
? What did {n} find?
drop-out rate = percent 2 44
The drop-out rate of {n} was {v}.
{v} of participants left {n} early.
In {n}, {v} dropped out.
? What was the drop-out rate of {n}?
? What share of participants left {n} early?
funding = organisation
{n} was funded by {v}.
{v} paid for {n}.
The funding of {n} came from {v}.
? Who funded {n}?
? Who paid for {n}?
mean age = dec 19 78 years
The mean age in {n} was {v}.
Participants of {n} were {v} old on average.
On average the people in {n} were aged {v}.
? What was the mean age in {n}?
? How old were participants of {n} on average?
published = date 2009 2024
{n} was published on {v}.
The results of {n} appeared on {v}.
? When was {n} published?
? When did the results of {n} appear?
""",
    ),
    subject(
        "committee",
        "the {place} Planning Committee;the {place} Parish Council;the {family} Board",
        """
chair = person
{n} was chaired by {v}.
The chair of {n} was {v}.
{v} chaired {n}.
? Who chaired {n}?
? Who was the chair of {n}?
meeting date = date 2015 2024
{n} met on {v}.
The meeting of {n} took place on {v}.
The members of {n} came together on {v}.
? When did {n} meet?
? On what date was the meeting of {n}?
members present = int 5 31 members
{v} attended the meeting of {n}.
At the meeting of {n}, {v} were present.
Attendance at {n} was {v}.
? How many members of {n} were present?
? How many attended the meeting of {n}?
votes in favour = int 3 24 votes
{n} passed the motion with {v}.
The motion before {n} got {v}.
In {n}, {v} were cast for the motion.
? With how many votes did {n} pass the motion?
? How many votes did the motion get in {n}?
minutes = person
The minutes of {n} were taken by {v}.
{v} took the minutes of {n}.
? Who took the minutes of {n}?
? Who wrote the minutes of {n}?
decision = pick to repair the roof;to plant forty trees;to close the car park;to raise the fee
{n} decided {v}.
The decision of {n} was {v}.
It was resolved by {n} {v}.
? What did {n} decide?
? What was the decision of {n}?
grant = money 800 96000
{n} approved a grant of {v}.
A grant of {v} was approved by {n}.
? How large was the grant that {n} approved?
? How much money did {n} grant?
next meeting = day
{n} meets again on {v}.
The next meeting of {n} is on {v}.
? When does {n} meet next?
? When is the next meeting of {n}?
""",
    ),
    subject(
        "contract",
        "Contract {letter}{number};the {place} Lease;the {family} Agreement",
        """
rent = money 400 18000
{n} sets a monthly payment of {v}.
Under {n}, {v} are due each month.
The monthly payment under {n} is {v}.
? What is the monthly payment under {n}?
? How much is due each month under {n}?
notice period = int 14 360 days
{n} has a notice period of {v}.
The notice period of {n} is {v}.
{n} can be ended with a notice of {v}.
? What is the notice period of {n}?
? How long is the notice for ending {n}?
signed = date 2008 2024
{n} was signed on {v}.
The parties signed {n} on {v}.
? When was {n} signed?
? On what date did the parties sign {n}?
tenant = organisation
{n} was made with {v}.
The other party to {n} is {v}.
{v} is the other party to {n}.
? With whom was {n} made?
? Who is the other party to {n}?
penalty = percent 1 19
{n} sets a penalty of {v} for late payment.
Late payment under {n} costs {v}.
The penalty for late payment under {n} is {v}.
? What is the penalty for late payment under {n}?
? What does late payment cost under {n}?
expires = date 2025 2036
{n} expires on {v}.
{n} ends on {v}.
The last day of {n} is {v}.
? When does {n} expire?
? When does {n} end?
governing law = pick Danish law;Portuguese law;Irish law;Austrian law;Canadian law;Dutch law
{n} is governed by {v}.
The law that applies to {n} is {v}.
? Which law governs {n}?
? What law applies to {n}?
""",
    ),
)
